"""What is known of each block of a grid, and how is it kept, cut at boundaries and regrouped?"""

from deposits.blockmodel.boundaries import Inside, Surface, above, all_of, below, in_polygon
from deposits.blockmodel.inference import infer_grid
from deposits.blockmodel.model import (
    PLACE_COLUMNS,
    SIZE_COLUMNS,
    About,
    BlockModel,
    block_batches,
    check_blocks,
    volumes_m3,
)
from deposits.blockmodel.parquet import BlockWriter, read_about, read_blocks, scan_blocks
from deposits.blockmodel.reblocking import regularise
from deposits.blockmodel.sub_blocks import proportions, sub_block, volume_balance

__all__ = [
    "PLACE_COLUMNS",
    "SIZE_COLUMNS",
    "About",
    "BlockModel",
    "BlockWriter",
    "Inside",
    "Surface",
    "above",
    "all_of",
    "below",
    "block_batches",
    "check_blocks",
    "in_polygon",
    "infer_grid",
    "proportions",
    "read_about",
    "read_blocks",
    "regularise",
    "scan_blocks",
    "sub_block",
    "volume_balance",
    "volumes_m3",
]
