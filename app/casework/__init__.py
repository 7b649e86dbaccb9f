"""What the desk does about a case beside finding somebody: tasks, promises, who else looks, and how it goes."""
