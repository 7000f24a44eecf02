// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "qtbackend.h"

#include <InterprocessQt/EventDispatcher>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

namespace Bench
{

namespace
{

struct Ours {
    using Server = InterprocessQt::LocalServer;
    using Socket = InterprocessQt::LocalSocket;
};

struct OursByCopy : Ours, ReadByCopy {
};

struct OursByView : Ours {
    template<typename Handle>
    static void forEachMessage(Socket &socket, int size, Handle &&handle)
    {
        const QByteArrayView bytes = socket.view();
        qsizetype done = 0;
        for (; bytes.size() - done >= size; done += size)
            handle(bytes.data() + done);
        socket.consume(done);
    }

    static qint64 drain(Socket &socket)
    {
        return socket.consume(socket.view().size());
    }
};

class OwnLoopBackend : public QtBackend<OursByCopy>
{
public:
    OwnLoopBackend()
    {
        QCoreApplication::setEventDispatcher(new InterprocessQt::EventDispatcher); // of the application that is made next
    }
};

} // namespace

std::unique_ptr<Backend> makeInterprocessQtBackend(Reading reading)
{
    if (reading == Reading::View)
        return std::make_unique<QtBackend<OursByView>>();
    return std::make_unique<QtBackend<OursByCopy>>();
}

std::unique_ptr<Backend> makeOwnLoopBackend()
{
    return std::make_unique<OwnLoopBackend>();
}

} // namespace Bench
