// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "poller_p.h"

namespace InterprocessQt
{

std::unique_ptr<Poller> Poller::create()
{
    return nullptr;
}

std::unique_ptr<Poller> Poller::inDispatcher(QAbstractEventDispatcher *, PollerClient &)
{
    return nullptr;
}

} // namespace InterprocessQt
