// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "local/localbackend_p.h"

#include "pipename_p.h"
#include "pipeoptions_p.h"
#include "pipesecurity_p.h"
#include "pipestream_p.h"
#include "stream/turnqueue_p.h"
#include "syscalls_pipe_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcryptographichash.h>
#include <QtCore/qmutex.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <chrono>
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

// Where this process listens, and where it has listened before.
class UsedNames
{
public:
    // One server of this process at a time, also while all of its instances are taken, or none is there for a moment.
    [[nodiscard]] static bool claim(const QString &name)
    {
        const QMutexLocker lock(&mutex());
        return claimed().insert(name).second;
    }
    static void release(const QString &name, bool wasListening)
    {
        const QMutexLocker lock(&mutex());
        claimed().erase(name);
        if (wasListening)
            left().insert(name);
    }
    [[nodiscard]] static bool wasLeft(const QString &name)
    {
        const QMutexLocker lock(&mutex());
        return left().count(name) > 0;
    }

private:
    static QMutex &mutex()
    {
        static QMutex instance;
        return instance;
    }
    static std::set<QString> &claimed()
    {
        static std::set<QString> instance;
        return instance;
    }
    static std::set<QString> &left()
    {
        static std::set<QString> instance;
        return instance;
    }
};

// Names of such objects have no backslashes and fewer characters.
std::wstring nameOfMark(const QString &name)
{
    const QByteArray hash = QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha1).toHex();
    return L"Global\\interprocessqt-" + QString::fromLatin1(hash).toStdWString();
}

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
    PipeListener(ListenerClient &client, const PipeOptions &options)
        : m_client(client)
        , m_options(options)
    {
    }
    ~PipeListener() override
    {
        stopRefilling(); // first: it comes from any thread
        const bool wasListening = m_isListening;
        m_instances.clear(); // before others may have the name
        m_mark.reset();
        if (!m_claimed.isEmpty())
            UsedNames::release(m_claimed, wasListening);
    }

    std::optional<ErrorInfo> listen(const Address &address, const Options &options) override
    {
        m_operation = tr("listen at %1").arg(address.nativeName());
        m_name = pipeNameOf(address);
        if (m_options.security && !m_options.security->isValid())
            return ErrorInfo{StreamDevice::OperationError,
                             m_options.security->nativeError(),
                             m_operation + QLatin1String(": ") + m_options.security->errorString()};
        if (m_options.security)
            m_security.set(*m_options.security);
        else if (const DWORD error = m_security.set(options.access))
            return systemError(int(error), m_operation);
        const QString claim = sys::foldedName(QString::fromStdWString(m_name));
        if (m_claimed.isEmpty() && !UsedNames::claim(claim))
            return inUse(ERROR_ACCESS_DENIED);
        m_claimed = claim;
        if (!m_mark && sys::markName(nameOfMark(claim).c_str(), m_mark) == ERROR_ALREADY_EXISTS)
            return inUse(ERROR_ACCESS_DENIED);
        // A pipe is gone with its server, so that there are no stale names, and no name can be taken from who has it. That
        // nobody can slip in between this question and the answer is up to FILE_FLAG_FIRST_PIPE_INSTANCE.
        const sys::PipeState state = sys::pipeState(m_name.c_str());
        const bool isOurs = state == sys::PipeState::Busy && UsedNames::wasLeft(claim);
        if (state != sys::PipeState::Free && !isOurs)
            return inUse(ERROR_ACCESS_DENIED);
        std::unique_ptr<Instance> first;
        const DWORD error = makeInstance(isOurs ? WRITE_DAC : FILE_FLAG_FIRST_PIPE_INSTANCE, first);
        if (error == ERROR_ACCESS_DENIED || error == ERROR_PIPE_BUSY || (isOurs && error == sys::NoError && !takeOver(sys::native(first->pipe.get()))))
            return inUse(ERROR_ACCESS_DENIED);
        if (error != sys::NoError)
            return systemError(int(error), m_operation);
        m_instances.push_back(std::move(first));
        m_isListening = true;
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
            const DWORD error = makeInstance(0, next);
            // Where there is a limit of instances, the next one comes when another one has been closed.
            const bool isLimit = error == ERROR_PIPE_BUSY && m_options.freed;
            if (error != sys::NoError && !isLimit) {
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
        dropSurplus();
        while (!m_instances.empty() && qsizetype(m_instances.size()) < m_backlog) {
            std::unique_ptr<Instance> more;
            if (makeInstance(0, more) != sys::NoError)
                break; // one is enough to go on
            m_instances.push_back(std::move(more));
        }
    }

    bool wait(QDeadlineTimer deadline) override
    {
        // As long as none is left, there is nothing to wait for but that others close theirs.
        constexpr int PauseForOthers = 20;
        for (;;) {
            if (m_options.freed)
                refill();
            std::vector<const Overlapped *> operations;
            for (const auto &instance : m_instances)
                operations.push_back(&instance->connecting);
            const bool mayChange = operations.empty() && m_options.freed && deadline.remainingTime() > PauseForOthers;
            const bool ended = Overlapped::waitForAny(operations, mayChange ? QDeadlineTimer(PauseForOthers) : deadline);
            if (!operations.empty() || !mayChange)
                return ended && !operations.empty();
        }
    }

    void detach() override
    {
        m_attached = false;
        stopRefilling();
        for (const auto &instance : m_instances)
            instance->connecting.detach();
    }

    bool attach() override
    {
        m_attached = true;
        startRefilling();
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

    // Instances that nobody has connected to.
    void dropSurplus()
    {
        for (size_t i = m_instances.size(); i > 0 && qsizetype(m_instances.size()) > m_backlog; --i) {
            Instance &instance = *m_instances[i - 1];
            if (instance.connecting.hasFinished())
                continue;
            instance.connecting.cancel();
            DWORD bytes;
            if (instance.connecting.result(bytes) != ERROR_OPERATION_ABORTED)
                continue; // a client was faster
            const HANDLE pipe = sys::native(instance.pipe.get());
            if (!sys::isPipeConnected(pipe, true)) {
                m_instances.erase(m_instances.begin() + qsizetype(i - 1));
                continue;
            }
            instance.connecting.finish(bytes);
            instance.connecting.started(pipe, sys::connectPipe(pipe, instance.connecting.begin()));
        }
    }

    // ---- With a limit of instances

    void startRefilling()
    {
        if (!m_options.freed || m_refill)
            return;
        m_refill = std::make_unique<QTimer>(); // in this thread
        m_refill->setSingleShot(true);
        QObject::connect(m_refill.get(), &QTimer::timeout, m_refill.get(), [this] {
            retryRefill();
        });
        m_options.freed->setListener([this] {
            QMetaObject::invokeMethod(
                m_refill.get(),
                [this] {
                    ++m_owed;
                    m_refillDelay = FirstRefillDelay;
                    retryRefill();
                },
                Qt::QueuedConnection);
        });
        m_owed = std::max(m_owed, 1); // something may have been closed before
        retryRefill();
    }
    // An instance counts until its client has closed it, too, and of that nobody tells. Who was told of the end does so soon.
    void retryRefill()
    {
        refill();
        if (m_owed == 0 || qsizetype(m_instances.size()) >= m_backlog) {
            m_owed = 0;
            return;
        }
        m_refill->start(m_refillDelay);
        m_refillDelay = std::min(m_refillDelay * 2, LongestRefillDelay);
    }
    void stopRefilling()
    {
        if (m_options.freed)
            m_options.freed->setListener({});
        m_refill.reset();
    }
    void refill()
    {
        if (m_instances.empty()) {
            // The pipe may be gone, with everybody who had an end of it, and the name be somebody else's.
            std::unique_ptr<Instance> first;
            DWORD error = makeInstance(FILE_FLAG_FIRST_PIPE_INSTANCE, first);
            if (error == ERROR_ACCESS_DENIED) {
                error = makeInstance(WRITE_DAC, first);
                if (error == sys::NoError && !takeOver(sys::native(first->pipe.get())))
                    return;
            }
            if (error != sys::NoError)
                return;
            m_instances.push_back(std::move(first));
            m_owed = std::max(m_owed - 1, 0);
        }
        const auto before = int(m_instances.size());
        setBacklog(m_backlog);
        m_owed = std::max(m_owed - (int(m_instances.size()) - before), 0);
    }

    // One that listens.
    DWORD makeInstance(DWORD flags, std::unique_ptr<Instance> &made)
    {
        auto instance = std::make_unique<Instance>(*this);
        sys::PipeParameters parameters;
        parameters.openMode = m_options.access | flags | (m_options.writeThrough ? FILE_FLAG_WRITE_THROUGH : 0);
        parameters.pipeMode = m_options.carriesMessages ? PIPE_TYPE_MESSAGE : PIPE_TYPE_BYTE;
        parameters.pipeMode |= m_options.readsMessages ? PIPE_READMODE_MESSAGE : PIPE_READMODE_BYTE;
        parameters.pipeMode |= m_options.remoteClients ? PIPE_ACCEPT_REMOTE_CLIENTS : PIPE_REJECT_REMOTE_CLIENTS;
        parameters.instances = m_options.instances;
        parameters.outputBuffer = m_options.outputBuffer;
        parameters.inputBuffer = m_options.inputBuffer;
        parameters.waitTimeout = m_options.waitTimeout;
        const DWORD error = sys::createPipe(m_name.c_str(), parameters, m_security.attributes(), instance->pipe);
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
    const PipeOptions m_options;
    static constexpr std::chrono::milliseconds FirstRefillDelay{5};
    static constexpr std::chrono::milliseconds LongestRefillDelay{250};
    std::unique_ptr<QTimer> m_refill; // and for calls that come from other threads
    std::chrono::milliseconds m_refillDelay = FirstRefillDelay;
    int m_owed = 0; // instances that were closed here, in whose place there is no new one yet
    QString m_operation;
    std::wstring m_name;
    QString m_claimed; // in UsedNames
    // Of two servers of this library, in whatever processes, never both have one name, also where the pipe does not tell: where this
    // process has listened before, all instances are taken, and the pipe of somebody else could be taken for what is left of ours;
    // and with Wine, which ignores FILE_FLAG_FIRST_PIPE_INSTANCE. Whoever is not allowed to make one is told by the pipe alone.
    NativeHandle m_mark;
    bool m_isListening = false;
    PipeSecurity m_security;
    std::vector<std::unique_ptr<Instance>> m_instances;
    int m_backlog = 1;
    bool m_enabled = false;
    bool m_attached = false;
};

} // namespace

std::unique_ptr<LocalListener> makePipeListener(ListenerClient &client, const PipeOptions &options)
{
    return std::make_unique<PipeListener>(client, options);
}

std::unique_ptr<LocalListener> LocalListener::make(ListenerClient &client, LocalKind kind)
{
    PipeOptions options;
    options.carriesMessages = options.readsMessages = kind == LocalKind::Packets;
    return makePipeListener(client, options);
}

} // namespace InterprocessQt
