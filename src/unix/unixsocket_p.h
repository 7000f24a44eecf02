// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNIXSOCKET_P_H
#define INTERPROCESSQT_UNIXSOCKET_P_H

#include "ancillarystream_p.h"
#include "local/localsocket_p.h"

#include <InterprocessQt/UnixSocket.h>

namespace InterprocessQt
{

// What ancillary data adds to the life of a connection.
class UnixSocketPrivate : public LocalSocketPrivate
{
public:
    ~UnixSocketPrivate() override;
    static UnixSocketPrivate *get(const UnixSocket *socket)
    {
        return static_cast<UnixSocketPrivate *>(StreamDevicePrivate::get(socket));
    }
    [[nodiscard]] UnixSocket *socket() const
    {
        return static_cast<UnixSocket *>(q);
    }
    [[nodiscard]] int fd() const
    {
        return io ? int(io->handle()) : -1;
    }

    qint64 send(UnixMessage &&message);
    // All or nothing; takes the descriptors if it returns true.
    bool
    sendWhole(std::initializer_list<QByteArrayView> pieces, std::vector<NativeHandle> &descriptors, const std::optional<PeerCredentials> &credentials = {});
    [[nodiscard]] std::optional<UnixMessage> receive();
    [[nodiscard]] NativeHandle takeDescriptor();
    // What came with the bytes that have been read.
    [[nodiscard]] Ancillary takeAncillary();
    void setMaximumDescriptors(int count);
    bool setCredentialsEnabled(bool enabled);
    bool requestCredentials();
    qint64 writeVectored(std::span<const QByteArrayView> pieces);
    bool closeReadChannel();
    [[nodiscard]] NativeHandle release();
    [[nodiscard]] int kernelBuffer(int option) const;
    bool setKernelBuffer(int option, int size);
    bool refuse(StreamDevice::Error code, int native, const QString &text);

    std::unique_ptr<StreamIo> makeStream(NativeHandle handle) override;
    void forgetLastConnection() override;
    void discardInput() override;
    void inputArrived() override;
    void deliverPending() override;
    void inputFinished() override;
    void streamFailed(const IoResult &result) override;
    void outputDropped() override;

    AncillaryInput arrivals;
    AncillaryOutput departures;
    std::optional<bool> credentialsWanted; // for this connection and the next ones; nothing: as the descriptor has it
    bool credentialsHere = false; // with each message of this connection
    bool credentialsOnce = false; // until some have come

private:
    [[nodiscard]] int passCredentials();
    void inputTaken();
    void tellLoss();
    [[nodiscard]] bool tellLossBefore(const IoResult &end);
    void updatePause();
};

} // namespace InterprocessQt

#endif
