"""How do block models and meshes come from and go to other programs? One format a file."""
