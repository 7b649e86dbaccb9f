"""The treasurer: months that are closed, imbalances with neighbours, seals, and the checks of the books."""
