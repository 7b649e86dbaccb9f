"""One plan for a household: who lives in it, what stands side by side, what was decided, and how it goes on."""
