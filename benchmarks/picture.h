// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_PICTURE_H
#define BENCH_PICTURE_H

#include "results.h"

namespace Bench
{

// The figures as an SVG image: bars for each backend, and what idle connections cost.
[[nodiscard]] QByteArray drawPicture(const Results &results, const QString &subtitle);

} // namespace Bench

#endif
