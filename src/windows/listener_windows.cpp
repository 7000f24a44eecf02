// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "local/localbackend_p.h"

#include "pipename_p.h"
#include "pipesecurity_p.h"
#include "pipestream_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qmutex.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace InterprocessQt
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::LocalServer", text);
}

// Where this process has listened.
class UsedNames
{
public:
    static void add(const std::wstring &name)
    {
        const QMutexLocker lock(&mutex());
        names().insert(name);
    }
    static bool contain(const std::wstring &name)
    {
        const QMutexLocker lock(&mutex());
        return names().count(name) > 0;
    }

private:
    static QMutex &mutex()
    {
        static QMutex instance;
        return instance;
    }
    static std::set<std::wstring> &names()
    {
        static std::set<std::wstring> instance;
        return instance;
    }
};

// One instance of the pipe, that waits for a client or has one who waits to be accepted.
struct Instance {
    explicit Instance(Overlapped::Client &client)
        : connecting(client)
    {
    }
    NativeHandle pipe;
    Overlapped connecting; // after the pipe: ends before that is closed
};

/*
 * Listening is to have instances of the pipe that nobody has connected to. So many clients can come before one of them is
 * accepted; who comes then is told ERROR_PIPE_BUSY, and tries again.
 */
class PipeListener : public LocalListener, public Overlapped::Client
{
public:
    explicit PipeListener(ListenerClient &client)
        : m_client(client)
    {
    }

    std::optional<ErrorInfo> listen(const Address &address, const Options &options) override
    {
        m_operation = tr("listen at %1").arg(address.nativeName());
        m_name = pipeNameOf(address);
        if (const DWORD error = m_security.set(options.access))
            return systemError(int(error), m_operation);
        // A pipe is gone with its server, so that there are no stale names, and no name can be taken from who has it. That
        // nobody can slip in between this question and the answer is up to FILE_FLAG_FIRST_PIPE_INSTANCE.
        const sys::PipeState state = sys::pipeState(m_name.c_str());
        const bool isOurs = state == sys::PipeState::Busy && UsedNames::contain(m_name);
        if (state != sys::PipeState::Free && !isOurs)
            return inUse(ERROR_ACCESS_DENIED);
        std::unique_ptr<Instance> first;
        const DWORD error = makeInstance(isOurs ? WRITE_DAC : FILE_FLAG_FIRST_PIPE_INSTANCE, first);
        if (error == ERROR_ACCESS_DENIED || error == ERROR_PIPE_BUSY || (isOurs && error == sys::NoError && !takeOver(sys::native(first->pipe.get()))))
            return inUse(ERROR_ACCESS_DENIED);
        if (error != sys::NoError)
            return systemError(int(error), m_operation);
        m_instances.push_back(std::move(first));
        UsedNames::add(m_name);
        setBacklog(options.backlog);
        return {};
    }

    std::optional<ErrorInfo> adopt(NativeHandle::Type) override
    {
        return ErrorInfo{StreamDevice::UnsupportedSocketOperationError, 0, tr("Windows has no handle that stands for a server")};
    }

    AcceptResult accept() override
    {
        const auto found = std::find_if(m_instances.begin(), m_instances.end(), [](const std::unique_ptr<Instance> &instance) {
            return instance->connecting.hasFinished();
        });
        if (found == m_instances.end())
            return {AcceptResult::NothingToAccept, {}, {}};
        // First the next one, so that there is never a moment in which nobody listens. Without it this one goes on waiting.
        std::unique_ptr<Instance> next;
        if (qsizetype(m_instances.size()) <= m_backlog) { // which may have become smaller
            if (const DWORD error = makeInstance(0, next)) {
                const ErrorInfo info = systemError(int(error), tr("accept a connection"));
                return {info.code == StreamDevice::SocketResourceError ? AcceptResult::OutOfResources : AcceptResult::Failed, {}, info};
            }
        }
        const std::unique_ptr<Instance> connected = std::move(*found);
        m_instances.erase(found);
        if (next)
            m_instances.push_back(std::move(next)); // the last one that clients come to, as it is the last to be looked at
        return take(*connected);
    }

    void setEnabled(bool enabled) override
    {
        m_enabled = enabled;
        for (const auto &instance : m_instances)
            instance->connecting.setWatched(enabled);
    }

    void setBacklog(int size) override
    {
        // Each is two handles and some memory of the system; and no more than 64 can be waited for at once.
        constexpr int MostInstances = 50;
        m_backlog = std::clamp(size, 1, MostInstances);
        while (!m_instances.empty() && qsizetype(m_instances.size()) < m_backlog) {
            std::unique_ptr<Instance> more;
            if (makeInstance(0, more) != sys::NoError)
                break; // one is enough to go on
            m_instances.push_back(std::move(more));
        }
    }

    bool wait(QDeadlineTimer deadline) override
    {
        std::vector<const Overlapped *> operations;
        for (const auto &instance : m_instances)
            operations.push_back(&instance->connecting);
        return Overlapped::waitForAny(operations, deadline);
    }

    void detach() override
    {
        m_attached = false;
        for (const auto &instance : m_instances)
            instance->connecting.detach();
    }

    bool attach() override
    {
        m_attached = true;
        return std::all_of(m_instances.begin(), m_instances.end(), [](const std::unique_ptr<Instance> &instance) {
            return instance->connecting.attach();
        });
    }

    qintptr handle() const override
    {
        return NativeHandle::Invalid;
    }

    Address boundAddress() const override
    {
        return {}; // nothing is adopted
    }

private:
    // A pipe that is still there because of connections that a server of this process has accepted before it was closed. The
    // name may as well have become free meanwhile, and been taken by somebody who lets everybody make instances.
    [[nodiscard]] bool takeOver(HANDLE pipe)
    {
        QByteArray owner;
        QByteArray own;
        return sys::ownerOfObject(pipe, owner) == sys::NoError && sys::ownerOfNewObjects(GetCurrentProcess(), own) == sys::NoError && owner == own
            && sys::setAccess(pipe, m_security.attributes()->lpSecurityDescriptor) == sys::NoError;
    }

    [[nodiscard]] ErrorInfo inUse(DWORD error) const
    {
        return {StreamDevice::Error(LocalServer::AddressInUseError), int(error), m_operation + tr(": a server is listening there")};
    }

    // One that listens.
    DWORD makeInstance(DWORD flags, std::unique_ptr<Instance> &made)
    {
        auto instance = std::make_unique<Instance>(*this);
        const DWORD error = sys::createPipe(m_name.c_str(),
                                            PIPE_ACCESS_DUPLEX | flags,
                                            PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS,
                                            PIPE_UNLIMITED_INSTANCES,
                                            PipeStreamIo::BlockSize,
                                            m_security.attributes(),
                                            instance->pipe);
        if (error != sys::NoError)
            return error;
        const HANDLE pipe = sys::native(instance->pipe.get());
        Overlapped::setHandle(pipe);
        // ERROR_PIPE_CONNECTED: a client was faster, and the event is not set (ConnectNamedPipe()). ERROR_NO_DATA: it has left
        // again, and may have left something to read. Both are accepted; that the next instance takes the place of this
        // one keeps either from coming again and again.
        instance->connecting.started(pipe, sys::connectPipe(pipe, instance->connecting.begin()));
        instance->connecting.setWatched(m_enabled);
        if (m_attached)
            static_cast<void>(instance->connecting.attach());
        made = std::move(instance);
        return sys::NoError;
    }

    [[nodiscard]] AcceptResult take(Instance &instance)
    {
        DWORD bytes;
        const DWORD error = instance.connecting.finish(bytes);
        if (error == sys::NoError || error == ERROR_PIPE_CONNECTED || error == ERROR_NO_DATA)
            return {AcceptResult::Accepted, std::move(instance.pipe), {}};
        if (error == ERROR_OPERATION_ABORTED) // the thread that began it has ended; the next instance listens already
            return {AcceptResult::NothingToAccept, {}, {}};
        return {AcceptResult::Failed, {}, systemError(int(error), tr("accept a connection"))};
    }

    void operationEnded(Overlapped &) override
    {
        m_client.acceptReady();
    }

    ListenerClient &m_client;
    QString m_operation;
    std::wstring m_name;
    PipeSecurity m_security;
    std::vector<std::unique_ptr<Instance>> m_instances;
    int m_backlog = 1;
    bool m_enabled = false;
    bool m_attached = false;
};

} // namespace

std::unique_ptr<LocalListener> LocalListener::make(ListenerClient &client, LocalKind)
{
    return std::make_unique<PipeListener>(client);
}

} // namespace InterprocessQt
