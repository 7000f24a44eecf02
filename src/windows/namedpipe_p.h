// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_NAMEDPIPE_P_H
#define INTERPROCESSQT_NAMEDPIPE_P_H

#include "backgroundcall_p.h"
#include "local/localsocket_p.h"
#include "pipeoptions_p.h"

#include <InterprocessQt/NamedPipe.h>

#include <deque>
#include <memory>
#include <vector>

namespace InterprocessQt
{

// Where messages are among the bytes that have arrived. Filled by the stream, emptied by the user.
struct MessageArrivals {
    struct Message {
        qint64 begin; // counted from the first byte of the connection
        qint64 end;
    };
    // Empty ones take no room in a read buffer, and a peer can send any number of them.
    static constexpr size_t MostPending = 4096;

    [[nodiscard]] bool isFull() const
    {
        return pending.size() >= MostPending;
    }
    void add(qint64 size)
    {
        pending.push_back({received, received + size});
        received += size;
        untold = true;
    }
    void clear()
    {
        pending.clear();
        discarded.clear();
        untold = false;
    }

    std::deque<Message> pending;
    std::vector<qint64> discarded; // sizes of those that were too large, to be told
    qint64 received = 0;
    bool untold = false;
};

// What a pipe adds to the life of a connection.
class NamedPipePrivate : public LocalSocketPrivate
{
public:
    ~NamedPipePrivate() override;
    static NamedPipePrivate *get(const NamedPipe *pipe)
    {
        return static_cast<NamedPipePrivate *>(StreamDevicePrivate::get(pipe));
    }
    [[nodiscard]] NamedPipe *pipe() const
    {
        return static_cast<NamedPipe *>(q);
    }

    bool send(const QByteArray &message);
    // Drops those of which everything has been read in another way; nullptr: there is none.
    [[nodiscard]] const MessageArrivals::Message *firstMessage();
    [[nodiscard]] qint64 unreadOf(const MessageArrivals::Message &message) const;
    [[nodiscard]] std::optional<QByteArray> receive(bool take);
    bool waitForMessage(QDeadlineTimer deadline);
    bool flushToPeer();
    bool disconnectClient();
    bool setInheritable(bool inherit);
    [[nodiscard]] NativeHandle release();
    bool refuse(StreamDevice::Error code, int native, const QString &text); // false
    [[nodiscard]] bool isServer() const;
    [[nodiscard]] std::optional<quint32> ofEnd(bool server, quint32 (*ask)(NativeHandle::Type handle, bool server, quint32 &value)) const;
    [[nodiscard]] static bool isRemote(const QString &host);
    [[nodiscard]] static bool isHostName(const QString &host);

    ConnectResult tryToConnect() override;
    std::optional<ErrorInfo> prepareForeign(NativeHandle::Type handle) override;
    std::unique_ptr<StreamIo> makeStream(NativeHandle handle) override;
    void forgetLastConnection() override;
    void discardInput() override;
    void inputArrived() override;
    void outputDropped() override;
    void deliverPending() override;
    void inputFinished() override;
    void streamFailed(const IoResult &result) override;

    NamedPipe::Mode receiveMode = NamedPipe::Mode::Bytes;
    NamedPipe::Mode sendMode = NamedPipe::Mode::Bytes;
    QString host; // empty: this computer
    NamedPipe::Impersonation impersonation = NamedPipe::Impersonation::Identification;
    NamedPipe::ServerPolicy serverPolicy = NamedPipe::ServerPolicy::Any;
    NamedPipe::ServerPredicate serverPredicate;
    bool serverTimeout = false;
    bool writeThrough = false;
    bool inheritable = false;
    qint64 maximumMessageSize = NamedPipe::DefaultMaximumMessageSize;
    MessageArrivals arrivals;
    qint64 framesQueued = 0; // messages that wait to be written, each of which has a head
    std::shared_ptr<PipeSlots> freed; // of the server that has accepted it

private:
    [[nodiscard]] QString fullName() const;
    [[nodiscard]] ErrorInfo connectError(quint32 flaw) const;
    [[nodiscard]] ConnectResult opened(NativeHandle handle);
    [[nodiscard]] ConnectResult unopened(quint32 flaw);
    [[nodiscard]] std::optional<ErrorInfo> prepareModes(NativeHandle::Type handle, const QString &operation) const;
    [[nodiscard]] std::optional<ErrorInfo> verifyServer(NativeHandle::Type handle) const;
    void tellMessages();
    void updatePause();

    QDeadlineTimer nameless; // until then a server that was there is waited for
    std::unique_ptr<BackgroundCall> opening; // on another computer
    std::unique_ptr<BackgroundCall> waiting; // for an instance, as long as the server says
    std::unique_ptr<BackgroundCall> flushing;
};

} // namespace InterprocessQt

#endif
