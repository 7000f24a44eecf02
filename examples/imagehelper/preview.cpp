// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "preview.h"

#include <cstdio>
#include <unistd.h>

void Preview::print(const QImage &image)
{
    if (!::isatty(STDOUT_FILENO))
        return;
    const QImage small = image.scaled(56, 40, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    for (int y = 0; y + 1 < small.height(); y += 2) {
        std::printf("    ");
        for (int x = 0; x < small.width(); ++x) {
            const QRgb upper = small.pixel(x, y);
            const QRgb lower = small.pixel(x, y + 1);
            // The upper half block in one colour, on a ground of the other.
            std::printf("\x1b[38;2;%d;%d;%dm\x1b[48;2;%d;%d;%dm\xe2\x96\x80",
                        qRed(upper),
                        qGreen(upper),
                        qBlue(upper),
                        qRed(lower),
                        qGreen(lower),
                        qBlue(lower));
        }
        std::printf("\x1b[0m\n");
    }
}
