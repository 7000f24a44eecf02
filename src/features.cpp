// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/Features.h>

#include "features_p.h"

namespace InterprocessQt
{

bool isSupported(Feature feature)
{
    return platformSupports(feature);
}

} // namespace InterprocessQt
