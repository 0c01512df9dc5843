"""Running Bekwaam on a machine: its own database, its processes, the first start."""
