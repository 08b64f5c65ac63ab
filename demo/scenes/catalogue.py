"""What is photographed: for each product its looks, how the front and the detail are framed, and what is to be seen."""

from dataclasses import dataclass, field
from typing import Callable

import products as p
from studio import Shot


@dataclass
class Item:
    build: Callable
    front: Shot
    says: str                                   # alt text of the front; {look} is put in, in lower case
    looks: list = field(default_factory=list)   # the first name is used where there is no choice
    single: bool = False                        # no look in the file name
    alone: bool = False                         # each look needs its own room, because it throws its own light
    top: str = "ash"
    samples: int = 5
    setting: Callable = None                    # what else stands in the front picture


ITEMS = {
    "tide-mug": Item(p.tide_mug, Shot(0.205, across=0.085), "Mug in {look} glaze with a thin lip and a strap handle", ["Chalk", "Celadon", "Tenmoku"]),
    "breakfast-bowl": Item(p.breakfast_bowl, Shot(0.30, 17, aim=0.17), "Breakfast bowl in {look} glaze on a turned foot", ["Chalk", "Cobalt", "Ochre"]),
    "slip-plate": Item(p.slip_plate, Shot(0.46, 36, aim=0.03), "Dinner plate in {look} glaze, seen from above the table", ["Chalk", "Celadon", "Slate"]),
    "quay-carafe": Item(p.quay_carafe, Shot(0.40, 10, aim=0.31), "Carafe in {look} glaze with a narrow neck and a pouring lip", ["Cobalt", "Blush", "Chalk"]),
    "tide-cup": Item(p.tide_cup, Shot(0.142, 13, across=0.08, aim=0.25), "Espresso cup in {look} glaze with a small handle", ["Chalk", "Tenmoku", "Blush"]),
    "harbour-teapot": Item(p.harbour_teapot, Shot(0.37, 11, aim=0.23), "Round teapot in {look} glaze with a lid and a short spout", ["Tenmoku", "Celadon"]),
    "milk-jug": Item(p.milk_jug, Shot(0.235, 12, across=0.06, aim=0.28), "Milk jug in {look} glaze with a pulled lip", ["Chalk", "Cobalt", "Ochre"]),
    "egg-cup": Item(p.egg_cup, Shot(0.125, 14, aim=0.25), "Egg cup in {look} glaze on a small foot", ["Chalk", "Blush", "Slate"]),
    "serving-bowl": Item(p.serving_bowl, Shot(0.50, 18, aim=0.14), "Wide serving bowl in {look} glaze", ["Celadon", "Tenmoku"]),
    "soup-plate": Item(p.soup_plate, Shot(0.42, 30, aim=0.05), "Deep soup plate in {look} glaze", ["Chalk", "Slate"]),
    "supper-for-two": Item(p.supper_for_two, Shot(0.56, 19, across=0.045, aim=0.15), "Two plates, two bowls and two mugs in {look} glaze, stacked", ["Chalk", "Celadon"]),
    # In the kitchen
    "larder-jar": Item(p.larder_jar, Shot(0.27, 12, aim=0.28), "Larder jar in dark tenmoku glaze with an ash lid", single=True),
    "bread-board": Item(p.bread_board, Shot(0.68, 6, aim=0.335, wall=0.075), "Oak bread board with round corners, leaning on the wall", single=True),
    "kitchen-cloth": Item(p.kitchen_cloth, Shot(0.46, 30, aim=0.03), "Folded linen kitchen cloth in {look}", ["Ochre", "Moss", "Cobalt"]),
    "ash-spoon": Item(p.ash_spoon, Shot(0.34, 42, aim=0.0), "Cooking spoon cut from pale ash", single=True),
    "salt-cellar": Item(p.salt_cellar, Shot(0.20, 20, aim=0.16), "Salt cellar in {look} glaze, its ash lid swung open a little", ["Chalk", "Slate"]),
    "butter-dish": Item(p.butter_dish, Shot(0.29, 16, aim=0.13), "Butter dish in {look} glaze with its cover", ["Chalk", "Celadon"]),
    "pestle-and-mortar": Item(p.pestle_and_mortar, Shot(0.27, 17, aim=0.22), "Mortar, slate outside and bare inside, with an ash pestle", single=True),
    "ice-house-tumbler": Item(p.ice_house_tumbler, Shot(0.185, 12, aim=0.26), "Tumbler of {look} glass with a thick base", ["Clear", "Smoke", "Sea"], alone=True, samples=7),
    "oil-bottle": Item(p.oil_bottle, Shot(0.42, 9, aim=0.315), "Oil bottle of {look} glass with cork and spout", ["Clear", "Sea"], alone=True, samples=7),
    "glass-jar": Item(p.glass_jar, Shot(0.29, 11, aim=0.28), "Store jar of clear glass with an ash lid", single=True, samples=7),
    # Light
    "harbour-lamp": Item(p.harbour_lamp, Shot(0.66, 7, aim=0.315, tone="dusk"), "Table lamp, lit, with a foot in {look} glaze and a linen shade", ["Slate", "Chalk"], alone=True),
    "net-pendant": Item(p.net_pendant, Shot(0.46, 2, aim=0.20, tone="dusk", wall=0.35), "Pendant lamp in {look} glaze, hanging and lit", ["Chalk", "Slate", "Ochre"], alone=True, top=None),
    "workshop-candle": Item(p.workshop_candle, Shot(0.19, 15, aim=0.24, tone="dusk", wall=0.5), "Candle burning in a chalk-white stoneware cup", single=True),
    "pier-candlestick": Item(p.pier_candlestick, Shot(0.47, 8, aim=0.36, tone="dusk", wall=0.42), "Turned candlestick of {look} with a burning candle", ["Ash", "Smoked oak", "Brass"], alone=True),
    "tea-light-bowl": Item(p.tea_light_bowl, Shot(0.205, 27, aim=0.10, tone="dusk", wall=0.5), "Small bowl in {look} glaze with a tea light glowing in it", ["Chalk", "Celadon", "Blush"], alone=True),
    # Flowers and green
    "bud-vase": Item(p.bud_vase, Shot(0.42, 9, across=0.04, aim=0.345, tone="sage"), "Bud vase in {look} glaze with one green sprig", ["Blush", "Moss", "Slate"], setting=p.bud_stem),
    "tall-vase": Item(p.tall_vase, Shot(0.80, 7, aim=0.38, tone="sage"), "Tall vase in {look} glaze with leafy branches", ["Chalk", "Tenmoku", "Cobalt"], setting=p.tall_stems),
    "sill-planter": Item(p.sill_planter, Shot(0.40, 12, aim=0.30, tone="sage"), "Planter with saucer in {look} glaze, a herb growing in it", ["Chalk", "Ochre"], setting=p.herb),
    "turf-tray": Item(p.turf_tray, Shot(0.50, 30, aim=0.02, tone="sage"), "Long low tray in dark moss glaze", single=True),
    # Bench and wall
    "net-stool": Item(p.net_stool, Shot(0.80, 14, aim=0.26, tone="warm grey"), "Four-legged stool of {look} with a hollowed seat", ["Ash", "Smoked oak"]),
    "quay-bench": Item(p.quay_bench, Shot(1.86, 10, aim=0.125, across=0.02, tone="warm grey"), "Long bench of {look} on four turned legs", ["Ash", "Smoked oak"]),
    "peg-rail": Item(p.peg_rail, Shot(0.70, 3, aim=-0.02, turn=-14, tone="warm grey", wall=-0.10), "Peg rail of {look} with three turned pegs on a plaster wall", ["Ash", "Oak"], top=None),
    # Linen and paper
    "table-napkins": Item(p.table_napkins, Shot(0.42, 27, aim=0.06, tone="flax"), "Four folded linen napkins in {look}", ["Natural", "Indigo", "Moss", "Rust"]),
    "table-runner": Item(p.table_runner, Shot(0.72, 27, aim=0.0, across=-0.04, tone="flax"), "Linen table runner in {look}, half rolled up", ["Natural", "Indigo"]),
    "tide-notebook": Item(p.tide_notebook, Shot(0.37, 38, aim=0.0, tone="flax"), "Notebook bound in {look} linen with a ribbon", ["Natural", "Indigo", "Rust"]),
}
