// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signaltable_p.h"

#include "signal/signalreceiver_p.h"
#include "signal/signalrules_p.h"
#include "stream/error_p.h"
#include "syscalls_p.h"
#include "syscalls_signal_p.h"

#include <QtCore/qcoreapplication.h>

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

SignalWatcher::Result SignalTable::add(const std::shared_ptr<SignalSink> &sink, int number, SignalWatcher::Options options)
{
    return add(sink, SignalHandler::ReaderChannel, number, options);
}

SignalWatcher::Result SignalTable::addTo(int channel, int number, SignalWatcher::Options options)
{
    return add({}, channel, number, options);
}

SignalWatcher::Result SignalTable::add(const std::shared_ptr<SignalSink> &sink, int channel, int number, SignalWatcher::Options options)
{
    if (const Result result = SignalRules::check(number, options); !result)
        return result;
    const Mode mode = SignalRules::modeOf(options);
    const QMutexLocker life(&m_life);
    const QMutexLocker locker(&m_mutex);
    forgetParent();
    if (m_isReading)
        readOnce(); // to those who were there
    Entry &entry = m_entries[size_t(number)];
    auto &registrations = entry.registrations;
    const auto own = std::find_if(registrations.begin(), registrations.end(), [&](const Registration &registration) {
        return registration.isOf(sink.get(), channel);
    });
    const bool isNew = own == registrations.end();
    if (registrations.size() > size_t(!isNew) && mode != entry.mode)
        return SignalRules::otherWish(number);
    if (mode == Mode::Watched) {
        if (const Result result = sink ? startReader() : openChannel(channel); !result)
            return result;
        // The system keeps one of a standard signal, and so does the handler if there is no room. Of these it keeps all.
        if (SignalWatcher::isRealTime(number))
            sys::enlargePipe(m_pipes[size_t(channel)].ends[1]);
    }

    SignalWatcher::Options before;
    if (isNew)
        registrations.push_back({sink, channel, options});
    else
        before = std::exchange(own->options, options);
    // First, or what comes in between would find nobody.
    updateWant(entry, channel, number);
    const Result result = change(entry, number, mode);
    if (!result) {
        if (isNew)
            registrations.pop_back();
        else
            own->options = before;
        updateWant(entry, channel, number);
    }
    return result;
}

void SignalTable::updateWant(const Entry &entry, int channel, int number)
{
    bool isWanted = false;
    bool isOneShot = true; // if that is what all want who are told by this channel
    for (const Registration &registration : entry.registrations) {
        if (registration.channel != channel || SignalRules::modeOf(registration.options) != Mode::Watched)
            continue;
        isWanted = true;
        isOneShot = isOneShot && (registration.options & SignalWatcher::OneShot);
    }
    if (isWanted)
        SignalHandler::want(channel, number, isOneShot);
    else
        SignalHandler::unwant(channel, number);
}

void SignalTable::leave(const SignalSink *sink, int channel, int number)
{
    Entry &entry = m_entries[size_t(number)];
    const auto removed = std::erase_if(entry.registrations, [=](const Registration &registration) {
        return registration.isOf(sink, channel);
    });
    if (removed == 0)
        return;
    restoreIfUnused(entry, number);
    updateWant(entry, channel, number);
}

void SignalTable::remove(const SignalSink *sink, int number)
{
    const QMutexLocker locker(&m_mutex);
    forgetParent();
    leave(sink, SignalHandler::ReaderChannel, number);
}

void SignalTable::removeAll(const SignalSink *sink)
{
    const QMutexLocker locker(&m_mutex);
    forgetParent();
    for (int number = 1; number <= SignalHandler::Highest; ++number)
        leave(sink, SignalHandler::ReaderChannel, number);
}

void SignalTable::removeFrom(int channel, int number)
{
    const QMutexLocker locker(&m_mutex);
    forgetParent();
    leave(nullptr, channel, number);
}

// ---- Channels

int SignalTable::takeChannel(QObject *watcher)
{
    const QMutexLocker locker(&m_mutex);
    forgetParent();
    for (int channel = SignalHandler::ReaderChannel + 1; channel < SignalHandler::Channels; ++channel) {
        Pipe &pipe = m_pipes[size_t(channel)];
        if (pipe.isTaken)
            continue;
        pipe.isTaken = true;
        pipe.watcher = watcher;
        return channel;
    }
    return -1;
}

SignalWatcher::Result SignalTable::openChannel(int channel)
{
    Pipe &pipe = m_pipes[size_t(channel)];
    if (pipe.ends[0] != -1)
        return {};
    if (sys::signalPipe(pipe.ends) == -1) {
        const int error = errno;
        return {SignalWatcher::ResourceError, error, QStringLiteral("a pipe for signals: %1").arg(nativeErrorText(error))};
    }
    SignalHandler::openChannel(channel, pipe.ends[1]);
    return {};
}

void SignalTable::closeChannel(int channel)
{
    const QMutexLocker life(&m_life);
    Pipe &pipe = m_pipes[size_t(channel)];
    {
        const QMutexLocker locker(&m_mutex);
        forgetParent();
        pipe.watcher = nullptr;
        for (int number = 1; number <= SignalHandler::Highest; ++number)
            leave(nullptr, channel, number);
    }
    // Somebody may still write: better two descriptors and a channel less than a write into another file.
    if (!SignalHandler::closeChannel(channel))
        return;
    const QMutexLocker locker(&m_mutex);
    close(pipe);
    pipe.isTaken = false;
}

int SignalTable::readingEnd(int channel)
{
    const QMutexLocker locker(&m_mutex);
    return m_pipes[size_t(channel)].ends[0];
}

void SignalTable::close(Pipe &pipe)
{
    for (int &end : pipe.ends) {
        if (end != -1)
            sys::close(end);
        end = -1;
    }
}

// The event loop that a child has inherited goes on to look at the descriptors: they must be something that is quiet, and
// nothing that the parent reads.
void SignalTable::replaceInChild(Pipe &pipe)
{
    if (pipe.ends[0] != -1 && sys::replacePipe(pipe.ends) == -1)
        close(pipe);
}

void SignalTable::applicationStarted()
{
    std::vector<std::shared_ptr<SignalSink>> sinks;
    {
        const QMutexLocker locker(&m_mutex);
        forgetParent();
        for (const Entry &entry : m_entries) {
            for (const Registration &registration : entry.registrations) {
                if (registration.sink)
                    sinks.push_back(registration.sink);
            }
        }
        for (const Pipe &pipe : m_pipes) {
            if (pipe.watcher)
                QCoreApplication::postEvent(pipe.watcher, new QEvent(SignalReceiver::wakeType()));
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
    struct sigaction current = {};
    if (entry.mode == mode && sys::signalAction(number, nullptr, &current) == 0 && isOurs(entry, current)) {
        updateFlags(entry, number);
        return {};
    }
    // Also if somebody has installed a handler meanwhile: whoever watches from now on is to be told, and so is that handler.
    restore(entry, number);
    m_replaced.removeAll(number);
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
    struct sigaction found = {};
    if (sys::signalAction(number, nullptr, &found) == -1)
        return failure(errno);
    noteFound(entry, found);
    if (mode == Mode::Watched) {
        const auto freeLayer = std::find(entry.taken.begin(), entry.taken.end(), false);
        if (freeLayer == entry.taken.end())
            return SignalRules::tooManyLayers(number);
        entry.layer = int(freeLayer - entry.taken.begin());
        SignalHandler::setFound(entry.layer, number, entry.found);
        SignalHandler::activate(entry.layer, number, SignalWatcher::isRealTime(number), isChained(entry));
    }
    entry.mode = mode;
    entry.flags = flagsFor(entry);
    const struct sigaction action = actionFor(entry, entry.flags);
    if (sys::signalAction(number, &action, &found) == -1) {
        const int error = errno;
        SignalHandler::deactivate(number);
        entry.mode = Mode::Unused;
        return failure(error);
    }
    // Somebody may have been faster than between the two calls.
    noteFound(entry, found);
    if (mode == Mode::Watched)
        SignalHandler::setFound(entry.layer, number, entry.found);
    return {};
}

void SignalTable::noteFound(Entry &entry, const struct sigaction &found)
{
    // Our own handler, which could not be taken away the last time: what it had found is still what has been found. It must
    // not be found by itself, or it would call itself for ever.
    for (size_t layer = 0; layer < entry.taken.size(); ++layer) {
        if (!entry.taken[layer] && (found.sa_flags & SA_SIGINFO) && found.sa_sigaction == SignalHandler::function(int(layer)))
            return;
    }
    entry.found = found;
}

bool SignalTable::isDefault(const struct sigaction &action)
{
    return !(action.sa_flags & SA_SIGINFO) && action.sa_handler == SIG_DFL;
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

void SignalTable::putBack(const Entry &entry, int number)
{
    if (entry.mode == Mode::Watched && SignalHandler::isFoundUsedUp(entry.layer, number, entry.found))
        sys::setDefaultAction(number);
    else
        sys::signalAction(number, &entry.found, nullptr);
}

void SignalTable::restore(Entry &entry, int number)
{
    if (entry.mode == Mode::Unused)
        return;
    struct sigaction current = {};
    if (sys::signalAction(number, nullptr, &current) == 0 && isOurs(entry, current)) {
        putBack(entry, number);
    } else if (isDefault(current) && isDefault(entry.found)) {
        // After the one shot that was wanted, the handler did what it had found.
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
        const bool isNeeded = needsReader();
        locker.unlock();
        if (!isNeeded)
            stopReader();
    }
    SignalRules::warnOfReplaced(replaced);
}

bool SignalTable::needsReader() const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [](const Entry &entry) {
        return entry.mode == Mode::Watched && std::any_of(entry.registrations.begin(), entry.registrations.end(), [](const Registration &registration) {
                   return registration.sink != nullptr;
               });
    });
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
            putBack(entry, number);
    }
    close(table.m_pipes[SignalHandler::ReaderChannel]);
    for (Pipe &pipe : table.m_pipes)
        replaceInChild(pipe);
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
