"""Simple movements by words: spin, bounce, sway, a door that opens, a pulse, a walk along a line.

`motion(rng)` gives (channels, label). A channel is {"type": "location.2", "start", "extrapolation", "cycles", "rows":
[[frames since the last, value, interpolation], ...]}, the notation of the animation codec; 24 frames a second,
sizes of what moves and radians.
"""

import math
import random
from typing import Any

Channel = dict[str, Any]
Motion = tuple[list[Channel], str]
TURN = math.tau


def channel(kind: str, rows: list[list[Any]], cycles: bool = False, start: int = 1) -> Channel:
    return {"type": kind, "start": start, "extrapolation": "LINEAR" if cycles and len(rows) == 2 else "CONSTANT",
            "cycles": cycles, "rows": rows}  # fmt: skip


def rows_of(way: str, *steps: tuple[int, float]) -> list[list[Any]]:
    """Keyframes of one interpolation: (frames since the last, value)."""
    return [[frames, value, way] for frames, value in steps]


def wave(kind: str, base: float, swing: float, period: int, way: str = "BEZIER") -> Channel:
    """There and back again, for ever."""
    half = max(2, period // 2)
    return channel(kind, rows_of(way, (0, base), (half, base + swing), (half, base)), cycles=True)


def _spin(rng: random.Random) -> Motion:
    axis = rng.choice((2, 2, 2, 2, 0, 1))
    fast = rng.random()
    period = rng.randint(20, 36) if fast < 0.3 else rng.randint(96, 144) if fast > 0.7 else rng.randint(48, 72)
    sign = rng.choice((1, 1, -1))
    rows = rows_of("LINEAR", (0, 0.0), (period, sign * TURN))
    word = rng.choice(("spin", "spinning", "rotate", "rotating", "turn around", "turning"))
    speed = "fast " if fast < 0.3 else "slow " if fast > 0.7 else ""
    return [channel(f"rotation_euler.{axis}", rows, cycles=True)], speed + word


def _bounce(rng: random.Random) -> Motion:
    height, period = rng.uniform(0.4, 1.6), rng.randint(20, 40)
    half = period // 2
    out = [channel("location.2", rows_of("QUAD", (0, 0.0), (half, height), (half, 0.0)), cycles=True)]
    if rng.random() < 0.5:
        squash = rng.uniform(0.7, 0.9)
        for axis, value in ((0, 1 / math.sqrt(squash)), (1, 1 / math.sqrt(squash)), (2, squash)):
            short = max(2, half // 3)
            rows = rows_of("BEZIER", (0, value), (short, 1.0), (period - 2 * short, 1.0), (short, value))
            out.append(channel(f"scale.{axis}", rows, cycles=True))
    return out, rng.choice(("bounce", "bouncing", "jump", "hopping", "jumping ball"))


def _hover(rng: random.Random) -> Motion:
    out = [wave("location.2", 0.0, rng.uniform(0.1, 0.35), rng.randint(60, 110))]
    if rng.random() < 0.4:
        turn = rows_of("LINEAR", (0, 0.0), (rng.randint(90, 140), TURN))
        out.append(channel("rotation_euler.2", turn, cycles=True))
    return out, rng.choice(("hover", "hovering", "float", "floating", "levitate", "bobbing up and down"))


def _sway(rng: random.Random) -> Motion:
    axis, a, period = rng.choice((0, 1)), math.radians(rng.uniform(4, 14)), rng.randint(48, 96)
    quarter = period // 4
    rows = rows_of("BEZIER", (0, 0.0), (quarter, a), (2 * quarter, -a), (quarter, 0.0))
    words = ("sway", "swaying in the wind", "tree in the wind", "rocking", "swaying")
    return [channel(f"rotation_euler.{axis}", rows, cycles=True)], rng.choice(words)


def _door(rng: random.Random) -> Motion:
    angle = math.radians(rng.uniform(80, 115)) * rng.choice((1, -1))
    time, lid = rng.randint(20, 40), rng.random() < 0.3
    rows = rows_of("BEZIER", (0, 0.0), (time, angle))
    back = rng.random() < 0.35
    if back:
        rows += rows_of("BEZIER", (rng.randint(15, 40), angle), (time, 0.0))
    name = "chest lid opening" if lid else rng.choice(("door opening", "open door", "swing open", "gate opening"))
    return [channel("rotation_euler.0" if lid else "rotation_euler.2", rows)], name + (" and closing" if back else "")


def _pulse(rng: random.Random) -> Motion:
    grow, period = rng.uniform(1.08, 1.35), rng.randint(24, 60)
    channels = [wave(f"scale.{axis}", 1.0, grow - 1.0, period) for axis in range(3)]
    return channels, rng.choice(("pulse", "pulsing", "heartbeat", "breathing", "throbbing"))


def _grow(rng: random.Random) -> Motion:
    time, shrink = rng.randint(16, 48), rng.random() < 0.35
    a, b = (1.0, 0.0) if shrink else (0.0, 1.0)
    way = rng.choice(("BEZIER", "BACK", "ELASTIC"))
    channels = [channel(f"scale.{axis}", rows_of(way, (0, a), (time, b))) for axis in range(3)]
    return channels, rng.choice(
        ("shrink", "shrinking", "disappear") if shrink else ("grow", "growing", "appear", "pop up")
    )


def _slide(rng: random.Random) -> Motion:
    axis, way = rng.choice((0, 1)), rng.uniform(1.0, 6.0) * rng.choice((1, -1))
    time = rng.randint(36, 96)
    if rng.random() < 0.4:
        there = rows_of("BEZIER", (0, 0.0), (time, way), (time, 0.0))
        words = ("slide back and forth", "moving platform", "patrol", "move back and forth")
        return [channel(f"location.{axis}", there, cycles=True)], rng.choice(words)
    rows = rows_of(rng.choice(("BEZIER", "LINEAR")), (0, 0.0), (time, -abs(way) if axis else way))
    forward, aside = ("drive forward", "driving", "move forward", "walk forward"), ("slide", "move sideways", "sliding")
    return [channel(f"location.{axis}", rows)], rng.choice(forward if axis else aside)


def _rise(rng: random.Random) -> Motion:
    height, time = rng.uniform(1.0, 6.0), rng.randint(36, 96)
    down = rng.random() < 0.4
    if down:
        rows = rows_of(rng.choice(("QUAD", "BOUNCE")), (0, height), (time, 0.0))
        return [channel("location.2", rows)], rng.choice(("fall", "falling", "drop down", "dropping"))
    words = ("rise", "rising", "lift off", "rocket launch", "elevator going up")
    return [channel("location.2", rows_of("BEZIER", (0, 0.0), (time, height)))], rng.choice(words)


def _shake(rng: random.Random) -> Motion:
    a, step = rng.uniform(0.03, 0.12), rng.randint(2, 4)
    axis = rng.choice(("location.0", "location.0", "rotation_euler.1"))
    rows = rows_of("LINEAR", (0, 0.0), *[(step, a), (step, -a)] * 3, (step, 0.0))
    shaken = channel(axis, rows, cycles=rng.random() < 0.6)
    return [shaken], rng.choice(("shake", "shaking", "tremble", "vibrating", "wobble"))


def _swing(rng: random.Random) -> Motion:
    a, period = math.radians(rng.uniform(25, 55)), rng.randint(36, 64)
    half = period // 2
    rows = rows_of("SINE", (0, a), (half, -a), (half, a))
    words = ("pendulum", "swing", "swinging", "bell ringing", "hanging lamp swinging")
    return [channel("rotation_euler.1", rows, cycles=True)], rng.choice(words)


def _roll(rng: random.Random) -> Motion:
    way, time, r = rng.uniform(2, 8), rng.randint(48, 96), rng.uniform(0.3, 0.6)
    along = channel("location.0", rows_of("LINEAR", (0, 0.0), (time, way)))
    turning = channel("rotation_euler.1", rows_of("LINEAR", (0, 0.0), (time, way / r)))
    return [along, turning], rng.choice(("roll", "rolling", "wheel rolling", "ball rolling"))


def _orbit(rng: random.Random) -> Motion:
    r, quarter = rng.uniform(1, 4), rng.randint(12, 30)
    times = (0, quarter, quarter, quarter, quarter)
    x, y = (rows_of("BEZIER", *zip(times, values)) for values in ((r, 0.0, -r, 0.0, r), (0.0, r, 0.0, -r, 0.0)))
    channels = [channel("location.0", x, cycles=True), channel("location.1", y, cycles=True)]
    return channels, rng.choice(("orbit", "orbiting", "circle around", "fly in circles"))


MOTIONS = (_spin, _spin, _bounce, _hover, _sway, _door, _pulse, _grow, _slide, _rise, _shake, _swing, _roll, _orbit)


def motion(rng: random.Random) -> Motion:
    channels, label = rng.choice(MOTIONS)(rng)
    return sorted(channels, key=lambda c: c["type"]), label
