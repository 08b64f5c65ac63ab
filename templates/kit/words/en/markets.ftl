markets-flash-saved = The settings were saved. The shop follows within a second.
