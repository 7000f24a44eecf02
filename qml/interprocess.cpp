// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "interprocess.h"

namespace InterprocessQt
{

Interprocess::Interprocess(QObject *parent)
    : QObject(parent)
{
}

bool Interprocess::isSupported(Feature feature) const
{
    return InterprocessQt::isSupported(InterprocessQt::Feature(feature));
}

} // namespace InterprocessQt
