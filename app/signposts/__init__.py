"""Help mij kiezen (the Hulpwijzer): which way to go, by what somebody says of themselves. Nothing of it is kept."""
