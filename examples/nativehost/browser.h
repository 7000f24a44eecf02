// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BROWSER_H
#define BROWSER_H

// Plays the browser: starts this program as a host, asks it some questions, shows the answers. Returns the exit code.
int playBrowser();

#endif
