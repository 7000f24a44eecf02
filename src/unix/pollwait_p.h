// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_POLLWAIT_P_H
#define INTERPROCESSQT_POLLWAIT_P_H

#include "stream/streamio_p.h"

namespace InterprocessQt
{

// Blocks until the descriptor is ready for one of the things asked for, or the deadline is over, through whatever
// signals arrive meanwhile. Asking for nothing waits for the deadline.
[[nodiscard]] IoReadiness pollWait(int fd, IoReadiness what, QDeadlineTimer deadline);

} // namespace InterprocessQt

#endif
