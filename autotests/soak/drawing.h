// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef DRAWING_H
#define DRAWING_H

#include "sampler.h"

// Three curves over time, as SVG.
[[nodiscard]] QString drawn(const Sampler &sampler);

#endif
