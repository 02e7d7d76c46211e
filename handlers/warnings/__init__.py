"""The gong: what a ward says to its neighbourhoods, who releases it, whom it reaches, and how anyone finds out that it is genuine."""
