// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef IMAGEHELPER_PREVIEW_H
#define IMAGEHELPER_PREVIEW_H

#include <QImage>

// A picture in a terminal: two pixels a character. Nothing where the output is no terminal.
namespace Preview
{
void print(const QImage &image);
}

#endif
