// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signaltable_p.h"

#include "interprocessqt_debug.h"
#include "stream/error_p.h"
#include "syscalls_signal_p.h"

#include <algorithm>
#include <cerrno>

namespace InterprocessQt
{

SignalTable &SignalTable::instance()
{
    static auto *const table = new SignalTable; // signals may come until the very end
    return *table;
}

// ---- Registrations

SignalTable::Mode SignalTable::modeOf(SignalWatcher::Options options)
{
    if (options & SignalWatcher::Ignore)
        return Mode::Ignored;
    return options & SignalWatcher::DefaultAction ? Mode::Default : Mode::Watched;
}

SignalWatcher::Result SignalTable::add(const std::shared_ptr<SignalSink> &sink, int number, SignalWatcher::Options options)
{
    const Mode mode = modeOf(options);
    if (!SignalPlatform::isValid(number))
        return {SignalWatcher::InvalidSignalError, EINVAL, QStringLiteral("there is no signal %1 that a program may use").arg(number)};
    const QString name = SignalWatcher::signalName(number);
    if (number == SIGKILL || number == SIGSTOP)
        return {SignalWatcher::NotWatchableError, EINVAL, QStringLiteral("%1: the system lets no program watch or ignore it").arg(name)};
    if (SignalHandler::isFault(number) && mode != Mode::Default && !(options & SignalWatcher::UnsafeFaults))
        return {SignalWatcher::UnsafeSignalError,
                EINVAL,
                QStringLiteral("%1: a fault of the program itself, which cannot be handled by an event loop").arg(name)};
    if ((options & SignalWatcher::Ignore) && (options & SignalWatcher::DefaultAction))
        return {SignalWatcher::ConflictError, EINVAL, QStringLiteral("%1: either ignored or left to the default action").arg(name)};

    const QMutexLocker life(&m_life);
    const QMutexLocker locker(&m_mutex);
    forgetParent();
    Entry &entry = m_entries[size_t(number)];
    auto &registrations = entry.registrations;
    const auto own = std::find_if(registrations.begin(), registrations.end(), [&](const Registration &registration) {
        return registration.sink == sink;
    });
    const bool hasOthers = registrations.size() > size_t(own != registrations.end());
    if (hasOthers && mode != entry.mode)
        return {SignalWatcher::ConflictError, EBUSY, QStringLiteral("%1: another watcher wants something else done with it").arg(name)};
    if (mode == Mode::Watched) {
        if (const Result result = startReader(); !result)
            return result;
    }

    const Registration before = own != registrations.end() ? *own : Registration();
    if (before.sink)
        own->options = options;
    else
        registrations.push_back({sink, options});
    const Result result = change(entry, number, mode);
    if (!result) {
        if (before.sink)
            *own = before;
        else
            registrations.pop_back();
    }
    return result;
}

void SignalTable::leave(const SignalSink *sink, int number)
{
    Entry &entry = m_entries[size_t(number)];
    const auto removed = std::erase_if(entry.registrations, [sink](const Registration &registration) {
        return registration.sink.get() == sink;
    });
    if (removed > 0)
        restoreIfUnused(entry, number);
}

void SignalTable::remove(const SignalSink *sink, int number)
{
    const QMutexLocker locker(&m_mutex);
    forgetParent();
    leave(sink, number);
}

void SignalTable::removeAll(const SignalSink *sink)
{
    const QMutexLocker locker(&m_mutex);
    forgetParent();
    for (int number = 1; number <= SignalHandler::Highest; ++number)
        leave(sink, number);
}

void SignalTable::applicationStarted()
{
    std::vector<std::shared_ptr<SignalSink>> sinks;
    {
        const QMutexLocker locker(&m_mutex);
        forgetParent();
        for (const Entry &entry : m_entries) {
            for (const Registration &registration : entry.registrations)
                sinks.push_back(registration.sink);
        }
    }
    for (const auto &sink : sinks)
        sink->applicationStarted();
}

bool SignalTable::isFoundIgnored(int number)
{
    const QMutexLocker locker(&m_mutex);
    forgetParent();
    const Entry &entry = m_entries[size_t(number)];
    struct sigaction action = {};
    if (entry.mode != Mode::Unused)
        action = entry.found;
    else if (sys::signalAction(number, nullptr, &action) == -1)
        return false;
    return !(action.sa_flags & SA_SIGINFO) && action.sa_handler == SIG_IGN;
}

// ---- Dispositions

SignalWatcher::Result SignalTable::change(Entry &entry, int number, Mode mode)
{
    if (entry.mode == mode) {
        updateFlags(entry, number);
        return {};
    }
    restore(entry, number);
    return install(entry, number, mode);
}

bool SignalTable::isChained(const Entry &entry)
{
    return std::any_of(entry.registrations.begin(), entry.registrations.end(), [](const Registration &registration) {
        return !(registration.options & SignalWatcher::NoChaining);
    });
}

// One disposition for all who watch: what one of them needs to work wins over what another one would merely like.
int SignalTable::flagsFor(const Entry &entry)
{
    int flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    bool allWithoutStops = true;
    for (const Registration &registration : entry.registrations) {
        if (registration.options & SignalWatcher::InterruptCalls)
            flags &= ~SA_RESTART;
        if (registration.options & SignalWatcher::NoDefer)
            flags |= SA_NODEFER;
        allWithoutStops = allWithoutStops && (registration.options & SignalWatcher::NoStoppedChildren);
    }
    const bool foundIgnored = !(entry.found.sa_flags & SA_SIGINFO) && entry.found.sa_handler == SIG_IGN;
    if (allWithoutStops)
        flags |= SA_NOCLDSTOP;
    // Ended children disappeared by themselves, and shall go on to.
    if (foundIgnored || (entry.found.sa_flags & SA_NOCLDWAIT))
        flags |= SA_NOCLDWAIT;
    return flags;
}

struct sigaction SignalTable::actionFor(const Entry &entry, int flags)
{
    struct sigaction action = {};
    ::sigemptyset(&action.sa_mask);
    switch (entry.mode) {
    case Mode::Watched:
        action.sa_sigaction = SignalHandler::function(entry.layer);
        action.sa_flags = flags;
        // The handler found may count on what it has asked to be blocked meanwhile.
        action.sa_mask = entry.found.sa_mask;
        break;
    case Mode::Ignored:
        action.sa_handler = SIG_IGN;
        break;
    case Mode::Unused:
    case Mode::Default:
        action.sa_handler = SIG_DFL;
        break;
    }
    return action;
}

SignalWatcher::Result SignalTable::install(Entry &entry, int number, Mode mode)
{
    const auto failure = [number](int error) {
        return Result{SignalWatcher::UnknownError, error, QStringLiteral("%1: %2").arg(SignalWatcher::signalName(number), nativeErrorText(error))};
    };
    if (sys::signalAction(number, nullptr, &entry.found) == -1)
        return failure(errno);
    if (mode == Mode::Watched) {
        const auto freeLayer = std::find(entry.taken.begin(), entry.taken.end(), false);
        if (freeLayer == entry.taken.end())
            return {SignalWatcher::ConflictError,
                    EBUSY,
                    QStringLiteral("%1: other handlers have been installed above that of this library too often").arg(SignalWatcher::signalName(number))};
        entry.layer = int(freeLayer - entry.taken.begin());
        SignalHandler::setFound(entry.layer, number, entry.found);
        SignalHandler::activate(entry.layer, number, SignalWatcher::isRealTime(number), isChained(entry));
    }
    entry.mode = mode;
    entry.flags = flagsFor(entry);
    const struct sigaction action = actionFor(entry, entry.flags);
    struct sigaction found = {};
    if (sys::signalAction(number, &action, &found) == -1) {
        const int error = errno;
        SignalHandler::deactivate(number);
        entry.mode = Mode::Unused;
        return failure(error);
    }
    // Somebody may have been faster than between the two calls.
    entry.found = found;
    if (mode == Mode::Watched)
        SignalHandler::setFound(entry.layer, number, found);
    return {};
}

bool SignalTable::isOurs(const Entry &entry, const struct sigaction &current)
{
    if (entry.mode == Mode::Watched)
        return (current.sa_flags & SA_SIGINFO) && current.sa_sigaction == SignalHandler::function(entry.layer);
    return !(current.sa_flags & SA_SIGINFO) && current.sa_handler == (entry.mode == Mode::Ignored ? SIG_IGN : SIG_DFL);
}

void SignalTable::updateFlags(Entry &entry, int number)
{
    if (entry.mode != Mode::Watched)
        return;
    SignalHandler::setChained(number, isChained(entry));
    const int flags = flagsFor(entry);
    struct sigaction current = {};
    if (flags == entry.flags || sys::signalAction(number, nullptr, &current) == -1 || !isOurs(entry, current))
        return;
    const struct sigaction action = actionFor(entry, flags);
    if (sys::signalAction(number, &action, nullptr) == 0)
        entry.flags = flags;
}

void SignalTable::restoreIfUnused(Entry &entry, int number)
{
    if (entry.registrations.empty())
        restore(entry, number);
    else
        updateFlags(entry, number);
}

void SignalTable::restore(Entry &entry, int number)
{
    if (entry.mode == Mode::Unused)
        return;
    struct sigaction current = {};
    if (sys::signalAction(number, nullptr, &current) == 0 && isOurs(entry, current)) {
        sys::signalAction(number, &entry.found, nullptr);
    } else {
        m_replaced.append(number);
        if (entry.mode == Mode::Watched)
            entry.taken[size_t(entry.layer)] = true;
    }
    if (entry.mode == Mode::Watched)
        SignalHandler::deactivate(number);
    entry.mode = Mode::Unused;
}

void SignalTable::tidyUp()
{
    QList<int> replaced;
    {
        const QMutexLocker life(&m_life);
        QMutexLocker locker(&m_mutex);
        forgetParent();
        replaced.swap(m_replaced);
        const bool isUsed = std::any_of(m_entries.begin(), m_entries.end(), [](const Entry &entry) {
            return entry.mode == Mode::Watched;
        });
        locker.unlock();
        if (!isUsed)
            stopReader();
    }
    // Not under a lock: the program may have a message handler of its own.
    for (const int number : std::as_const(replaced)) {
        qCWarning(INTERPROCESSQT_LOG,
                  "SignalWatcher: another handler has been installed for %s meanwhile. It is left alone.",
                  qPrintable(SignalWatcher::signalName(number)));
    }
}

// ---- fork()

SignalTable::SignalTable()
{
    sys::atFork(beforeFork, afterForkInParent, afterForkInChild);
}

void SignalTable::beforeFork()
{
    instance().m_life.lock();
    instance().m_mutex.lock();
}

void SignalTable::afterForkInParent()
{
    instance().m_mutex.unlock();
    instance().m_life.unlock();
}

// Only what may be done in a signal handler: other threads of the parent may have been in the midst of anything.
void SignalTable::afterForkInChild()
{
    SignalTable &table = instance();
    SignalHandler::enteredChild();
    for (int number = 1; number <= SignalHandler::Highest; ++number) {
        const Entry &entry = table.m_entries[size_t(number)];
        struct sigaction current = {};
        if (entry.mode == Mode::Watched && sys::signalAction(number, nullptr, &current) == 0 && isOurs(entry, current))
            sys::signalAction(number, &entry.found, nullptr);
    }
    table.closePipe();
    table.m_isChild = true;
    afterForkInParent();
}

// What the parent had is dropped when the child asks for something.
void SignalTable::forgetParent()
{
    if (!m_isChild)
        return;
    m_isChild = false;
    m_isReading = false;
    for (int number = 1; number <= SignalHandler::Highest; ++number) {
        Entry &entry = m_entries[size_t(number)];
        entry.registrations.clear();
        if (entry.mode == Mode::Watched)
            SignalHandler::deactivate(number);
        entry.mode = Mode::Unused;
    }
}

} // namespace InterprocessQt
