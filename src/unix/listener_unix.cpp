// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "local/localbackend_p.h"

#include "boundname_p.h"
#include "pollwait_p.h"
#include "reactor_p.h"
#include "socketname_p.h"
#include "syscalls_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfile.h>

#include <cerrno>

namespace InterprocessQt
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::LocalServer", text);
}

class UnixListener : public LocalListener, public StreamIoClient
{
public:
    UnixListener(ListenerClient &client, LocalKind kind)
        : m_client(client)
        , m_type(kind == LocalKind::Packets ? SOCK_SEQPACKET : SOCK_STREAM)
        , m_watch(*this)
    {
    }

    ~UnixListener() override
    {
        m_watch.stop();
        // While the socket is still there, so that nobody takes the name for a stale one in between.
        m_name.remove();
    }

    std::optional<ErrorInfo> listen(const Address &address, const Options &options) override
    {
        NativeHandle descriptor(sys::socket(m_type));
        if (!descriptor)
            return systemError(errno, tr("listen at %1").arg(address.nativeName()));
        if (auto error = m_name.bind(int(descriptor.get()), address, options))
            return error;
        if (sys::listen(int(descriptor.get()), options.backlog) == -1) {
            const ErrorInfo error = systemError(errno, tr("listen at %1").arg(address.nativeName()));
            m_name.remove();
            return error;
        }
        m_descriptor = std::move(descriptor);
        return {};
    }

    std::optional<ErrorInfo> adopt(NativeHandle::Type handle) override
    {
        const int fd = int(handle);
        const QString operation = tr("listen on descriptor %1").arg(fd);
        int listening = 0;
        int type = 0;
        socklen_t length = sizeof type;
        sockaddr_storage name = {};
        socklen_t nameLength = sizeof name;
        if (sys::socketName(fd, reinterpret_cast<sockaddr *>(&name), &nameLength) == -1 || sys::socketOption(fd, SOL_SOCKET, SO_TYPE, &type, &length) == -1)
            return systemError(errno, operation);
        length = sizeof listening;
        // Not every system can say whether it listens: then the first accept() tells.
        if (sys::socketOption(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == -1)
            listening = 1;
        if (name.ss_family != AF_UNIX || type != m_type || !listening) {
            const QString wanted = QLatin1String(m_type == SOCK_STREAM ? "SOCK_STREAM" : "SOCK_SEQPACKET");
            return ErrorInfo{StreamDevice::UnsupportedSocketOperationError,
                             0,
                             operation + tr(": it is not a listening Unix domain socket of type %1").arg(wanted)};
        }
        if (sys::prepare(fd) == -1)
            return systemError(errno, operation);
        m_descriptor.reset(handle);
        return {};
    }

    AcceptResult accept() override
    {
        for (;;) {
            NativeHandle accepted(sys::accept(int(m_descriptor.get())));
            if (accepted)
                return {AcceptResult::Accepted, std::move(accepted), {}};
            const int error = errno;
            switch (error) {
            case EAGAIN:
                return {AcceptResult::NothingToAccept, {}, {}};
            case ECONNABORTED: // it left before it was its turn; the next one may still be there
                continue;
            case EMFILE:
            case ENFILE:
            case ENOMEM:
            case ENOBUFS:
                // Some of these are found before it is looked whether anybody waits at all.
                if (!wait(QDeadlineTimer(0)))
                    return {AcceptResult::NothingToAccept, {}, {}};
                return {AcceptResult::OutOfResources, {}, systemError(error, tr("accept a connection"))};
            default:
                return {AcceptResult::Failed, {}, systemError(error, tr("accept a connection"))};
            }
        }
    }

    void setEnabled(bool enabled) override
    {
        m_watch.setInterest({enabled, false});
    }

    void setBacklog(int size) override
    {
        if (m_descriptor)
            sys::listen(int(m_descriptor.get()), size); // may be called again (listen(2)); the old size stays if not
    }

    bool wait(QDeadlineTimer deadline) override
    {
        return pollWait(int(m_descriptor.get()), {true, false}, deadline).readable;
    }

    void detach() override
    {
        m_watch.stop();
    }

    bool attach() override
    {
        return m_watch.start(int(m_descriptor.get()));
    }

    qintptr handle() const override
    {
        return m_descriptor.get();
    }

    Address boundAddress() const override
    {
        struct {
            sockaddr_un name;
            char nul;
        } address = {};
        socklen_t length = sizeof address.name;
        if (sys::socketName(int(m_descriptor.get()), reinterpret_cast<sockaddr *>(&address.name), &length) == -1)
            return {};
        const qsizetype size = qsizetype(length) - qsizetype(offsetof(sockaddr_un, sun_path));
        if (size <= 0)
            return {};
        const char *path = address.name.sun_path;
        if (path[0] == '\0')
            return Address::namespaced(QString::fromLocal8Bit(path + 1, size - 1));
        return Address::filePath(QFile::decodeName(QByteArray(path, qsizetype(qstrnlen(path, size_t(size))))));
    }

private:
    void ioReady(IoReadiness) override
    {
        m_client.acceptReady();
    }

    ListenerClient &m_client;
    const int m_type;
    NativeHandle m_descriptor;
    Watch m_watch;
    BoundName m_name;
};

} // namespace

std::unique_ptr<LocalListener> LocalListener::make(ListenerClient &client, LocalKind kind)
{
    return std::make_unique<UnixListener>(client, kind);
}

} // namespace InterprocessQt
