// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "require.h"

#include <InterprocessQt/Fifo>
#include <InterprocessQt/FifoReader>
#include <InterprocessQt/FifoWriter>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageSocket>
#include <InterprocessQt/Pipe>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdir.h>
#include <QtCore/qtemporarydir.h>

#include <cstdint>
#include <memory>
#include <unistd.h>
#include <vector>

/*
 * Any sequence of calls and events leaves every conversation as a simple model has it:
 *   - what is read is what was written, in order, without gaps and doublings, and not more of it
 *   - nothing arrives after the end has been told, and no more is reported as written than was written
 *   - the state of a socket changes only in the ways that are documented
 *   - nothing is signalled by what has been destroyed
 *   - the process has the descriptors afterwards that it had before
 *
 * The input is a program: each two bytes are an action and its argument.
 */

using namespace InterprocessQt;

namespace
{

char byteAt(qint64 position)
{
    return char(position * 31 + position / 251);
}

QByteArray bytesFrom(qint64 position, qint64 size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qint64 i = 0; i < size; ++i)
        bytes[i] = byteAt(position + i);
    return bytes;
}

// One direction.
struct Flow {
    qint64 sent = 0;
    qint64 reported = 0;
    qint64 read = 0;
    bool ended = false;
    qint64 availableAtEnd = 0;
};

// One side: what it does and is told.
class Side : public QObject
{
public:
    Side(std::unique_ptr<StreamDevice> newDevice, std::shared_ptr<Flow> newOut, std::shared_ptr<Flow> newIn)
        : device(std::move(newDevice))
        , out(std::move(newOut))
        , in(std::move(newIn))
    {
        // Received by this object, which outlives the device: whatever the device still says would arrive.
        connect(device.get(), &StreamDevice::bytesWritten, this, [this](qint64 bytes) {
            REQUIRE(alive && bytes > 0);
            out->reported += bytes;
            REQUIRE(out->reported <= out->sent);
        });
        connect(device.get(), &StreamDevice::readyRead, this, [this] {
            REQUIRE(alive && !in->ended);
            REQUIRE(device->bytesAvailable() > 0);
        });
        connect(device.get(), &StreamDevice::readChannelFinished, this, [this] {
            REQUIRE(alive && !in->ended);
            in->ended = true;
            in->availableAtEnd = device->isOpen() ? device->bytesAvailable() : 0;
        });
        connect(device.get(), &StreamDevice::errorOccurred, this, [this] {
            REQUIRE(alive && !device->errorString().isEmpty());
        });
        if (auto *const socket = qobject_cast<LocalSocket *>(device.get())) {
            state = socket->state();
            connect(socket, &LocalSocket::stateChanged, this, [this](LocalSocket::LocalSocketState next) {
                REQUIRE(alive && isAllowed(state, next));
                state = next;
            });
            connect(socket, &LocalSocket::disconnected, this, [this, socket] {
                REQUIRE(alive && socket->state() == LocalSocket::UnconnectedState);
            });
        }
    }

    ~Side() override
    {
        destroy();
    }

    void destroy()
    {
        delete device.get(); // which may still tell of its end
        static_cast<void>(device.release());
        alive = false;
    }

    void write(qint64 size)
    {
        if (!device || !device->isWritable())
            return;
        const qint64 before = out->sent;
        out->sent += size; // it may be told of while it is written
        const qint64 written = device->write(bytesFrom(before, size));
        REQUIRE(written <= size);
        out->sent = before + qMax<qint64>(0, written);
        REQUIRE(out->reported <= out->sent);
    }

    void read(qint64 size)
    {
        if (!device || !device->isReadable())
            return;
        const QByteArray bytes = device->read(size);
        REQUIRE(bytes == bytesFrom(in->read, bytes.size()));
        in->read += bytes.size();
        in->availableAtEnd -= bytes.size();
        REQUIRE(in->read <= in->sent);
        REQUIRE(!in->ended || in->availableAtEnd >= 0);
    }

    std::unique_ptr<StreamDevice> device;
    std::shared_ptr<Flow> out;
    std::shared_ptr<Flow> in;

private:
    static bool isAllowed(LocalSocket::LocalSocketState from, LocalSocket::LocalSocketState to)
    {
        switch (from) {
        case LocalSocket::UnconnectedState:
            return to == LocalSocket::ConnectingState || to == LocalSocket::ConnectedState;
        case LocalSocket::ConnectingState:
            return to == LocalSocket::ConnectedState || to == LocalSocket::UnconnectedState;
        case LocalSocket::ConnectedState:
            return to == LocalSocket::ClosingState || to == LocalSocket::UnconnectedState;
        case LocalSocket::ClosingState:
            return to == LocalSocket::UnconnectedState;
        }
        return false;
    }

    bool alive = true;
    LocalSocket::LocalSocketState state = LocalSocket::UnconnectedState;
};

// Numbered messages from one side to the other.
struct Messages {
    std::unique_ptr<MessageSocket> from;
    std::unique_ptr<MessageSocket> to;
    int sent = 0;
    int received = 0;

    static QByteArray message(int number)
    {
        return QByteArray::number(number) + QByteArray(number * 37 % 3000, 'm');
    }
};

class Conversation
{
public:
    Conversation()
        : m_name(QStringLiteral("@interprocessqt-fuzz-%1").arg(getpid()))
    {
    }

    void act(int action, int argument)
    {
        switch (action % 20) {
        case 0:
            addPair(LocalSocket::pair());
            break;
        case 1:
            connectToServer();
            break;
        case 2: {
            Pipe pipe = Pipe::create();
            addOneWay(std::move(pipe.writer), std::move(pipe.reader));
            break;
        }
        case 3:
            addFifo();
            break;
        case 4:
        case 5:
            if (Side *const side = sideFor(argument))
                side->write(argument % 7 == 0 ? 100'000 : argument);
            break;
        case 6:
        case 7:
            if (Side *const side = sideFor(argument))
                side->read(argument % 5 == 0 ? 1'000'000 : argument);
            break;
        case 8:
            if (Side *const side = sideFor(argument); side && side->device)
                side->device->closeWriteChannel();
            break;
        case 9:
            if (Side *const side = sideFor(argument); side && side->device)
                side->device->close();
            break;
        case 10:
            if (Side *const side = sideFor(argument); side && side->device)
                side->device->abort();
            break;
        case 11:
            if (Side *const side = sideFor(argument))
                side->destroy();
            break;
        case 12:
            if (Side *const side = sideFor(argument); side && side->device)
                side->device->setReadBufferSize(argument * 16);
            break;
        case 13:
            if (Side *const side = sideFor(argument); side && side->device)
                side->device->setWriteBufferLimit(argument * 64);
            break;
        case 14:
            if (Side *const side = sideFor(argument); side && side->device && side->device->isOpen())
                static_cast<void>(side->device->waitForReadyRead(argument % 2));
            break;
        case 15:
            if (Side *const side = sideFor(argument); side && side->device && side->device->isOpen())
                static_cast<void>(side->device->waitForBytesWritten(argument % 2));
            break;
        case 16:
            if (Side *const side = sideFor(argument); side && side->device)
                side->device->setHalfOpenAllowed(argument & 0x80);
            break;
        case 17:
            exchangeMessages(argument);
            break;
        case 18:
            if (Side *const side = sideFor(argument)) {
                if (auto *const socket = qobject_cast<LocalSocket *>(side->device.get()))
                    socket->disconnectFromServer();
            }
            break;
        case 19:
            turns(1 + argument % 4);
            break;
        }
    }

    // What is under way arrives, or its end does.
    void finish()
    {
        for (int i = 0; i < 20; ++i) {
            for (const auto &side : m_sides)
                side->read(1 << 20);
            turns(1);
        }
        m_messages.reset();
        m_sides.clear();
        m_server.close();
        m_fifo = Fifo();
        turns(2);
    }

private:
    static void turns(int count)
    {
        for (int i = 0; i < count; ++i) {
            QCoreApplication::processEvents();
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
    }

    Side *sideFor(int argument)
    {
        return m_sides.empty() ? nullptr : m_sides[size_t(argument) % m_sides.size()].get();
    }

    bool isFull() const
    {
        return m_sides.size() >= 24;
    }

    void add(std::unique_ptr<StreamDevice> one, std::unique_ptr<StreamDevice> other)
    {
        const auto there = std::make_shared<Flow>();
        const auto back = std::make_shared<Flow>();
        m_sides.push_back(std::make_unique<Side>(std::move(one), there, back));
        m_sides.push_back(std::make_unique<Side>(std::move(other), back, there));
    }

    void addPair(std::pair<std::unique_ptr<LocalSocket>, std::unique_ptr<LocalSocket>> pair)
    {
        if (!isFull() && pair.first->isOpen())
            add(std::move(pair.first), std::move(pair.second));
    }

    void addOneWay(std::unique_ptr<StreamDevice> writer, std::unique_ptr<StreamDevice> reader)
    {
        if (!isFull() && writer->isOpen() && reader->isOpen())
            add(std::move(writer), std::move(reader));
    }

    void connectToServer()
    {
        if (isFull() || (!m_server.isListening() && !m_server.listen(m_name)))
            return;
        auto client = std::make_unique<LocalSocket>();
        client->connectToServer(m_name);
        REQUIRE(client->state() == LocalSocket::ConnectedState);
        for (int i = 0; i < 100 && !m_server.hasPendingConnections(); ++i)
            turns(1);
        LocalSocket *const peer = m_server.nextPendingConnection();
        REQUIRE(peer);
        peer->setParent(nullptr);
        add(std::move(client), std::unique_ptr<LocalSocket>(peer));
    }

    void addFifo()
    {
        static const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("fifo"));
        if (m_fifo.isValid())
            return; // what is in it belongs to the last two
        m_fifo = Fifo::create(path);
        auto reader = std::make_unique<FifoReader>();
        auto writer = std::make_unique<FifoWriter>();
        REQUIRE(m_fifo.isValid() && reader->open(path) && writer->open(path));
        addOneWay(std::move(writer), std::move(reader));
    }

    void exchangeMessages(int argument)
    {
        if (!m_messages) {
            m_messages = std::make_unique<Messages>();
            std::tie(m_messages->from, m_messages->to) =
                MessageSocket::pair(argument % 2 ? MessageSocket::Transport::Packets : MessageSocket::Transport::Stream);
            m_messages->to->setAutomaticDelivery(false);
        }
        Messages &messages = *m_messages;
        switch (argument / 2 % 8) {
        case 0:
            messages.from->disconnectFromServer();
            break;
        case 1:
            messages.to->setReadBufferSize(argument * 8);
            break;
        case 2:
        case 3:
        case 4:
            for (int i = argument % 16; i >= 0; --i) {
                if (messages.from->send(Messages::message(messages.sent)))
                    ++messages.sent;
            }
            break;
        case 5:
        case 6:
            while (const auto message = messages.to->receive())
                REQUIRE(*message == Messages::message(messages.received++));
            REQUIRE(messages.received <= messages.sent);
            break;
        case 7:
            m_messages.reset();
            break;
        }
    }

    const QString m_name;
    LocalServer m_server;
    Fifo m_fifo;
    std::vector<std::unique_ptr<Side>> m_sides;
    std::unique_ptr<Messages> m_messages;
};

qsizetype descriptors()
{
    return QDir(QStringLiteral("/dev/fd")).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot).size();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static int argc = 1;
    static char name[] = "fuzz";
    static char *argv[] = {name, nullptr};
    static QCoreApplication application(argc, argv);
    static const bool isWarm = [] {
        Conversation first; // the event loop's own descriptors
        for (int i = 0; i < 16; ++i)
            first.act(0, i);
        first.finish();
        return true;
    }();
    REQUIRE(isWarm);

    const qsizetype before = descriptors();
    {
        Conversation conversation;
        for (std::size_t i = 0; i + 1 < qMin<std::size_t>(size, 600); i += 2)
            conversation.act(data[i], data[i + 1]);
        conversation.finish();
    }
    REQUIRE(descriptors() == before);
    return 0;
}
