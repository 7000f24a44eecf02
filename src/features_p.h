// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FEATURES_P_H
#define INTERPROCESSQT_FEATURES_P_H

#include <InterprocessQt/Features.h>

namespace InterprocessQt
{

// Implemented once per platform.
[[nodiscard]] bool platformSupports(Feature feature);

} // namespace InterprocessQt

#endif
