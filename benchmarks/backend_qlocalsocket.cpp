// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "qtbackend.h"

#include <QLocalServer>
#include <QLocalSocket>

namespace Bench
{

namespace
{
struct QtNetwork : ReadByCopy {
    using Server = QLocalServer;
    using Socket = QLocalSocket;
};
} // namespace

std::unique_ptr<Backend> makeQLocalSocketBackend()
{
    return std::make_unique<QtBackend<QtNetwork>>();
}

} // namespace Bench
