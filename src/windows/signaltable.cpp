// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signaltable_p.h"

#include "signal/signalquit_p.h"
#include "stream/error_p.h"

#include <algorithm>
#include <cerrno>

namespace InterprocessQt
{

using namespace SignalNumbers;

SignalTable &SignalTable::instance()
{
    static auto *const table = new SignalTable; // signals may come until the very end
    return *table;
}

// ---- Registrations

SignalWatcher::Result SignalTable::add(const std::shared_ptr<SignalSink> &sink, int number, SignalWatcher::Options options)
{
    if (const Result result = SignalRules::check(number, options); !result)
        return result;
    const SignalMode mode = SignalRules::modeOf(options);
    const int place = placeOf(number);
    const QMutexLocker life(&m_life);
    const QMutexLocker locker(&m_mutex);
    dispatchArrived(); // to those who were there
    auto &registrations = m_entries[size_t(place)].registrations;
    const auto own = std::find_if(registrations.begin(), registrations.end(), [&sink](const Registration &registration) {
        return registration.sink == sink;
    });
    const bool isNew = own == registrations.end();
    if (registrations.size() > size_t(!isNew) && mode != m_entries[size_t(place)].mode)
        return SignalRules::otherWish(number);
    if (const Result result = listen(); !result)
        return result;
    if (mode == SignalMode::Watched) {
        if (const Result result = startThread(); !result)
            return result;
    }

    SignalWatcher::Options before;
    if (isNew)
        registrations.push_back({sink, options});
    else
        before = std::exchange(own->options, options);
    const Result result = change(place, mode);
    if (!result) {
        if (isNew)
            registrations.pop_back();
        else
            own->options = before;
        updateHandler(place);
    }
    return result;
}

void SignalTable::leave(const SignalSink *sink, int place)
{
    Entry &entry = m_entries[size_t(place)];
    const auto removed = std::erase_if(entry.registrations, [sink](const Registration &registration) {
        return registration.sink.get() == sink;
    });
    if (removed > 0)
        updateHandler(place);
}

void SignalTable::remove(const SignalSink *sink, int number)
{
    const QMutexLocker locker(&m_mutex);
    dispatchArrived();
    if (const int place = placeOf(number); place != -1)
        leave(sink, place);
}

void SignalTable::removeAll(const SignalSink *sink)
{
    const QMutexLocker locker(&m_mutex);
    dispatchArrived();
    for (int place = 0; place < Count; ++place)
        leave(sink, place);
}

void SignalTable::applicationStarted()
{
    std::vector<std::shared_ptr<SignalSink>> sinks;
    {
        const QMutexLocker locker(&m_mutex);
        for (const Entry &entry : m_entries) {
            for (const Registration &registration : entry.registrations)
                sinks.push_back(registration.sink);
        }
    }
    for (const auto &sink : sinks)
        sink->applicationStarted();
}

// ---- Handlers

// One handler for all who watch; without any, what was found.
void SignalTable::updateHandler(int place)
{
    const auto &registrations = m_entries[size_t(place)].registrations;
    if (registrations.empty()) {
        restore(place);
        return;
    }
    SignalHandler::setChained(place, std::any_of(registrations.begin(), registrations.end(), [](const Registration &registration) {
                                  return !(registration.options & SignalWatcher::NoChaining);
                              }));
    SignalHandler::want(place, std::all_of(registrations.begin(), registrations.end(), [](const Registration &registration) {
                            return bool(registration.options & SignalWatcher::OneShot);
                        }));
}

// The C library tells what was there only when something else is put there.
bool SignalTable::isStillInstalled(const Entry &entry, int place) const
{
    const int number = Entries[place].number;
    if (!Entries[place].isOfC)
        return true;
    const sys::SignalFunction wanted = entry.mode == SignalMode::Ignored ? SIG_IGN
        : entry.mode == SignalMode::Default                              ? SIG_DFL
                                                                         : SignalHandler::function(entry.layer);
    const sys::SignalFunction current = sys::setSignalHandler(number, wanted);
    // The default: a handler has just been called, in another thread or, of faults, not in this one.
    if (current == wanted || current == SIG_DFL)
        return true;
    sys::setSignalHandler(number, current);
    return false;
}

SignalWatcher::Result SignalTable::change(int place, SignalMode mode)
{
    Entry &entry = m_entries[size_t(place)];
    if (entry.mode == mode && isStillInstalled(entry, place)) {
        updateHandler(place);
        return {};
    }
    // Also if somebody has installed a handler meanwhile: whoever watches from now on is to be told, and so is that handler.
    restore(place);
    m_replaced.removeAll(Entries[place].number);
    return install(place, mode);
}

SignalWatcher::Result SignalTable::install(int place, SignalMode mode)
{
    Entry &entry = m_entries[size_t(place)];
    const int number = Entries[place].number;
    sys::SignalFunction wanted = mode == SignalMode::Ignored ? SIG_IGN : SIG_DFL;
    if (mode == SignalMode::Watched) {
        const auto freeLayer = std::find(entry.taken.begin(), entry.taken.end(), false);
        if (freeLayer == entry.taken.end())
            return SignalRules::tooManyLayers(number);
        entry.layer = int(freeLayer - entry.taken.begin());
        wanted = SignalHandler::function(entry.layer);
        SignalHandler::activate(entry.layer, place);
        updateHandler(place); // first, or what comes in between would find nobody
    }
    if (Entries[place].isOfC) {
        const sys::SignalFunction found = sys::setSignalHandler(number, wanted);
        if (found == SIG_ERR) {
            const int error = errno;
            SignalHandler::deactivate(place);
            return {SignalWatcher::UnknownError, error, QStringLiteral("%1: the C library refuses a handler").arg(SignalWatcher::signalName(number))};
        }
        entry.found = found;
        if (mode == SignalMode::Watched)
            SignalHandler::setFound(entry.layer, place, found);
    }
    SignalHandler::setIgnored(place, mode == SignalMode::Ignored);
    entry.mode = mode;
    return {};
}

void SignalTable::restore(int place)
{
    Entry &entry = m_entries[size_t(place)];
    const SignalMode mode = std::exchange(entry.mode, SignalMode::Unused);
    if (mode == SignalMode::Unused)
        return;
    const int number = Entries[place].number;
    const bool isWatched = mode == SignalMode::Watched;
    SignalHandler::setIgnored(place, false);
    SignalHandler::unwant(place);
    SignalHandler::deactivate(place);
    if (!Entries[place].isOfC)
        return;
    const sys::SignalFunction ours = isWatched ? SignalHandler::function(entry.layer) : mode == SignalMode::Ignored ? SIG_IGN : SIG_DFL;
    const sys::SignalFunction current = sys::setSignalHandler(number, entry.found);
    if (current == ours || current == entry.found)
        return;
    sys::setSignalHandler(number, current);
    // The default: after the one shot that was wanted, the handler did what it had found, and that was done.
    if (current == SIG_DFL)
        return;
    m_replaced.append(number);
    if (isWatched)
        entry.taken[size_t(entry.layer)] = true;
}

void SignalTable::tidyUp()
{
    QList<int> replaced;
    {
        const QMutexLocker life(&m_life);
        QMutexLocker locker(&m_mutex);
        replaced.swap(m_replaced);
        const bool isNeeded = isThreadNeeded();
        locker.unlock();
        if (!isNeeded)
            stopThread();
    }
    SignalRules::warnOfReplaced(replaced);
}

// ---- The thread

SignalWatcher::Result SignalTable::listen()
{
    if (m_wake)
        return {};
    HANDLE event = nullptr;
    if (const DWORD error = sys::createWakeEvent(event))
        return {SignalWatcher::ResourceError, int(error), QStringLiteral("an event for signals: %1").arg(nativeErrorText(int(error)))};
    // The C library adds its own handler of the console when SIGINT or SIGBREAK is asked for, once. Ours is asked before those that
    // were there when it came.
    const sys::SignalFunction found = sys::setSignalHandler(SIGBREAK, SIG_IGN);
    sys::setSignalHandler(SIGBREAK, found);
    if (const DWORD error = SignalHandler::listenToConsole()) {
        sys::close(sys::generic(event));
        return {SignalWatcher::ResourceError, int(error), QStringLiteral("a handler of the console: %1").arg(nativeErrorText(int(error)))};
    }
    SignalHandler::setWakeEvent(event);
    m_wake = event;
    return {};
}

SignalWatcher::Result SignalTable::startThread()
{
    if (m_thread)
        return {};
    m_stop = false;
    const auto run = [](void *table) -> unsigned {
        static_cast<SignalTable *>(table)->runUntilStopped();
        return 0;
    };
    if (const DWORD error = sys::startThread(run, this, m_thread))
        return {SignalWatcher::ResourceError, int(error), QStringLiteral("a thread for signals: %1").arg(nativeErrorText(int(error)))};
    return {};
}

void SignalTable::stopThread()
{
    if (!m_thread)
        return;
    m_stop = true;
    sys::setEvent(m_wake);
    sys::joinThread(sys::native(m_thread.get()));
    m_thread.reset();
}

bool SignalTable::isThreadNeeded() const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [](const Entry &entry) {
        return entry.mode == SignalMode::Watched;
    });
}

void SignalTable::runUntilStopped()
{
    SignalQuit &quit = SignalQuit::instance();
    while (!m_stop) {
        int msecs = -1;
        {
            const QMutexLocker locker(&m_mutex);
            msecs = quit.msecsLeft();
        }
        const DWORD woken = sys::waitForAny(&m_wake, 1, msecs < 0 ? QDeadlineTimer(QDeadlineTimer::Forever) : QDeadlineTimer(msecs));
        const QMutexLocker locker(&m_mutex);
        if (woken == sys::TimedOut)
            quit.timePasses();
        dispatchArrived();
    }
}

void SignalTable::deliverNow()
{
    const QMutexLocker locker(&m_mutex);
    dispatchArrived();
}

// Whoever has the lock next finds everything delivered that had come before.
void SignalTable::dispatchArrived()
{
    for (int place = 0; place < Count; ++place) {
        const SignalHandler::Arrived arrived = SignalHandler::take(place);
        SignalInfo info(Entries[place].number);
        info.setCode(SignalInfo::Code::Kernel, int(Entries[place].event));
        for (quint32 i = 0; i < arrived.console; ++i)
            dispatch(place, info);
        info.setCode(SignalInfo::Code::SentToThread, 0);
        info.setSender(sys::currentProcessId(), std::nullopt);
        for (quint32 i = 0; i < arrived.raised; ++i)
            dispatch(place, info);
    }
}

void SignalTable::dispatch(int place, const SignalInfo &info)
{
    const auto removed = std::erase_if(m_entries[size_t(place)].registrations, [&info](const Registration &registration) {
        return !registration.sink->signalArrived(info);
    });
    if (removed > 0)
        updateHandler(place);
}

} // namespace InterprocessQt
