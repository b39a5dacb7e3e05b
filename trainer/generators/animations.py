"""Simple movements by words: spin, bounce, sway, a door that opens, a pulse, a walk along a line.

`motion(rng)` gives (channels, label). A channel is {"type": "location.2", "start", "extrapolation", "cycles", "rows":
[[frames since the last, value, interpolation], ...]}, the notation of the animation codec; 24 frames a second,
sizes of what moves and radians.
"""

import math
import random
from typing import Any

Channel = dict[str, Any]
TURN = math.tau


def channel(kind: str, rows: list[list[Any]], cycles: bool = False, start: int = 1) -> Channel:
    return {"type": kind, "start": start, "extrapolation": "LINEAR" if cycles and len(rows) == 2 else "CONSTANT",
            "cycles": cycles, "rows": rows}  # fmt: skip


def wave(kind: str, base: float, swing: float, period: int, way: str = "BEZIER") -> Channel:
    """There and back again, for ever."""
    half = max(2, period // 2)
    return channel(kind, [[0, base, way], [half, base + swing, way], [half, base, way]], cycles=True)


def _spin(rng: random.Random) -> tuple[list[Channel], str]:
    axis = rng.choice((2, 2, 2, 2, 0, 1))
    fast = rng.random()
    period = rng.randint(20, 36) if fast < 0.3 else rng.randint(96, 144) if fast > 0.7 else rng.randint(48, 72)
    sign = rng.choice((1, 1, -1))
    rows = [[0, 0.0, "LINEAR"], [period, sign * TURN, "LINEAR"]]
    word = rng.choice(("spin", "spinning", "rotate", "rotating", "turn around", "turning"))
    speed = "fast " if fast < 0.3 else "slow " if fast > 0.7 else ""
    return [channel(f"rotation_euler.{axis}", rows, cycles=True)], speed + word


def _bounce(rng: random.Random) -> tuple[list[Channel], str]:
    height, period = rng.uniform(0.4, 1.6), rng.randint(20, 40)
    half = period // 2
    out = [channel("location.2", [[0, 0.0, "QUAD"], [half, height, "QUAD"], [half, 0.0, "QUAD"]], cycles=True)]
    if rng.random() < 0.5:
        squash = rng.uniform(0.7, 0.9)
        for axis, value in ((0, 1 / math.sqrt(squash)), (1, 1 / math.sqrt(squash)), (2, squash)):
            short = max(2, half // 3)
            rows = [[0, value, "BEZIER"], [short, 1.0, "BEZIER"]]
            rows += [[period - 2 * short, 1.0, "BEZIER"], [short, value, "BEZIER"]]
            out.append(channel(f"scale.{axis}", rows, cycles=True))
    return out, rng.choice(("bounce", "bouncing", "jump", "hopping", "jumping ball"))


def _hover(rng: random.Random) -> tuple[list[Channel], str]:
    out = [wave("location.2", 0.0, rng.uniform(0.1, 0.35), rng.randint(60, 110))]
    if rng.random() < 0.4:
        out.append(
            channel("rotation_euler.2", [[0, 0.0, "LINEAR"], [rng.randint(90, 140), TURN, "LINEAR"]], cycles=True)
        )
    return out, rng.choice(("hover", "hovering", "float", "floating", "levitate", "bobbing up and down"))


def _sway(rng: random.Random) -> tuple[list[Channel], str]:
    axis, a, period = rng.choice((0, 1)), math.radians(rng.uniform(4, 14)), rng.randint(48, 96)
    quarter = period // 4
    rows = [[0, 0.0, "BEZIER"], [quarter, a, "BEZIER"], [2 * quarter, -a, "BEZIER"], [quarter, 0.0, "BEZIER"]]
    return [channel(f"rotation_euler.{axis}", rows, cycles=True)], rng.choice(
        ("sway", "swaying in the wind", "tree in the wind", "rocking", "swaying")
    )


def _door(rng: random.Random) -> tuple[list[Channel], str]:
    angle = math.radians(rng.uniform(80, 115)) * rng.choice((1, -1))
    time, lid = rng.randint(20, 40), rng.random() < 0.3
    rows = [[0, 0.0, "BEZIER"], [time, angle, "BEZIER"]]
    back = rng.random() < 0.35
    if back:
        rows += [[rng.randint(15, 40), angle, "BEZIER"], [time, 0.0, "BEZIER"]]
    name = "chest lid opening" if lid else rng.choice(("door opening", "open door", "swing open", "gate opening"))
    return [channel("rotation_euler.0" if lid else "rotation_euler.2", rows)], name + (" and closing" if back else "")


def _pulse(rng: random.Random) -> tuple[list[Channel], str]:
    grow, period = rng.uniform(1.08, 1.35), rng.randint(24, 60)
    channels = [wave(f"scale.{axis}", 1.0, grow - 1.0, period) for axis in range(3)]
    return channels, rng.choice(("pulse", "pulsing", "heartbeat", "breathing", "throbbing"))


def _grow(rng: random.Random) -> tuple[list[Channel], str]:
    time, shrink = rng.randint(16, 48), rng.random() < 0.35
    a, b = (1.0, 0.0) if shrink else (0.0, 1.0)
    way = rng.choice(("BEZIER", "BACK", "ELASTIC"))
    channels = [channel(f"scale.{axis}", [[0, a, way], [time, b, way]]) for axis in range(3)]
    return channels, rng.choice(("shrink", "shrinking", "disappear")) if shrink else rng.choice(
        ("grow", "growing", "appear", "pop up")
    )


def _slide(rng: random.Random) -> tuple[list[Channel], str]:
    axis, way = rng.choice((0, 1)), rng.uniform(1.0, 6.0) * rng.choice((1, -1))
    time = rng.randint(36, 96)
    if rng.random() < 0.4:
        rows = [[0, 0.0, "BEZIER"], [time, way, "BEZIER"], [time, 0.0, "BEZIER"]]
        return [channel(f"location.{axis}", rows, cycles=True)], rng.choice(
            ("slide back and forth", "moving platform", "patrol", "move back and forth")
        )
    ease = rng.choice(("BEZIER", "LINEAR"))
    words = (
        ("drive forward", "driving", "move forward", "walk forward") if axis else ("slide", "move sideways", "sliding")
    )
    return [channel(f"location.{axis}", [[0, 0.0, ease], [time, -abs(way) if axis else way, ease]])], rng.choice(words)


def _rise(rng: random.Random) -> tuple[list[Channel], str]:
    height, time = rng.uniform(1.0, 6.0), rng.randint(36, 96)
    down = rng.random() < 0.4
    rows = [[0, height if down else 0.0, "BEZIER"], [time, 0.0 if down else height, "BEZIER"]]
    if down:
        rows[0][2] = rows[1][2] = rng.choice(("QUAD", "BOUNCE"))
        return [channel("location.2", rows)], rng.choice(("fall", "falling", "drop down", "dropping"))
    return [channel("location.2", rows)], rng.choice(
        ("rise", "rising", "lift off", "rocket launch", "elevator going up")
    )


def _shake(rng: random.Random) -> tuple[list[Channel], str]:
    a, step = rng.uniform(0.03, 0.12), rng.randint(2, 4)
    axis = rng.choice(("location.0", "location.0", "rotation_euler.1"))
    rows = [[0, 0.0, "LINEAR"]]
    for k in range(6):
        rows.append([step, a * (1 if k % 2 == 0 else -1), "LINEAR"])
    rows.append([step, 0.0, "LINEAR"])
    return [channel(axis, rows, cycles=rng.random() < 0.6)], rng.choice(
        ("shake", "shaking", "tremble", "vibrating", "wobble")
    )


def _swing(rng: random.Random) -> tuple[list[Channel], str]:
    a, period = math.radians(rng.uniform(25, 55)), rng.randint(36, 64)
    half = period // 2
    rows = [[0, a, "SINE"], [half, -a, "SINE"], [half, a, "SINE"]]
    return [channel("rotation_euler.1", rows, cycles=True)], rng.choice(
        ("pendulum", "swing", "swinging", "bell ringing", "hanging lamp swinging")
    )


def _roll(rng: random.Random) -> tuple[list[Channel], str]:
    way, time, r = rng.uniform(2, 8), rng.randint(48, 96), rng.uniform(0.3, 0.6)
    turn = way / r
    rows = [[0, 0.0, "LINEAR"], [time, way, "LINEAR"]]
    return [
        channel("location.0", rows),
        channel("rotation_euler.1", [[0, 0.0, "LINEAR"], [time, turn, "LINEAR"]]),
    ], rng.choice(("roll", "rolling", "wheel rolling", "ball rolling"))


def _orbit(rng: random.Random) -> tuple[list[Channel], str]:
    r, quarter = rng.uniform(1, 4), rng.randint(12, 30)
    xs, ys = [r, 0.0, -r, 0.0, r], [0.0, r, 0.0, -r, 0.0]
    rows = [[[0 if k == 0 else quarter, v, "BEZIER"] for k, v in enumerate(values)] for values in (xs, ys)]
    return [channel("location.0", rows[0], cycles=True), channel("location.1", rows[1], cycles=True)], rng.choice(
        ("orbit", "orbiting", "circle around", "fly in circles")
    )


MOTIONS = (_spin, _spin, _bounce, _hover, _sway, _door, _pulse, _grow, _slide, _rise, _shake, _swing, _roll, _orbit)


def motion(rng: random.Random) -> tuple[list[Channel], str]:
    channels, label = rng.choice(MOTIONS)(rng)
    return sorted(channels, key=lambda c: c["type"]), label
