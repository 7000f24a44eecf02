// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signalquit_p.h"

#include <QtCore/qbasictimer.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qthread.h>

#include <algorithm>

namespace InterprocessQt
{

namespace
{
// QCoreApplication::quit() does nothing before exec(), and nobody tells when that begins.
constexpr int TryAgainAfter = 10; // milliseconds

// A terminal that closes sends SIGHUP itself, and so does the shell in it: that is one wish and not two.
constexpr qint64 SameHangUp = 1000; // milliseconds
} // namespace

// ---- In the thread of the application

class SignalQuit::Quitter : public QObject
{
public:
    explicit Quitter(QObject *application)
        : QObject(application)
    {
    }
    ~Quitter() override
    {
        SignalQuit &quit = SignalQuit::instance();
        const QMutexLocker locker(&quit.m_mutex);
        if (quit.m_quitter == this)
            quit.m_quitter = nullptr;
    }
    Q_DISABLE_COPY_MOVE(Quitter)

    static QEvent::Type quitType()
    {
        static const auto type = QEvent::Type(QEvent::registerEventType());
        return type;
    }

    bool event(QEvent *event) override
    {
        if (event->type() != quitType())
            return QObject::event(event);
        attempt();
        return true;
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Quit && watched == QCoreApplication::instance())
            m_wasAsked = true;
        return false;
    }

protected:
    void timerEvent(QTimerEvent *) override
    {
        attempt();
    }

private:
    // An application that is in exec() is sent an event, and may refuse (a window with unsaved work). One that is not in
    // exec() is sent nothing: then it is asked again, and only then.
    void attempt()
    {
        SignalQuit &quit = SignalQuit::instance();
        {
            // Forgotten by another call of quitOn() meanwhile?
            const QMutexLocker locker(&quit.m_mutex);
            if (quit.m_arrived == 0) {
                m_again.stop();
                return;
            }
        }
        QCoreApplication *application = QCoreApplication::instance();
        m_wasAsked = false;
        application->installEventFilter(this);
        QCoreApplication::quit();
        application->removeEventFilter(this);
        if (!m_wasAsked) {
            if (!m_again.isActive())
                m_again.start(TryAgainAfter, this);
            return;
        }
        m_again.stop();
        const QMutexLocker locker(&quit.m_mutex);
        quit.m_done = true;
    }

    QBasicTimer m_again;
    bool m_wasAsked = false;
};

// ---- SignalQuit

SignalQuit::SignalQuit() = default;

SignalQuit &SignalQuit::instance()
{
    // Never destroyed: signals may come until the very end.
    static const auto *const quit = new std::shared_ptr<SignalQuit>(new SignalQuit);
    return **quit;
}

SignalWatcher::Result SignalQuit::quitOn(const QList<int> &numbers, std::chrono::milliseconds timeout)
{
    static const std::shared_ptr<SignalSink> &self = *new std::shared_ptr<SignalSink>(this, [](SignalSink *) {});
    QList<int> before;
    SignalPlatform::deliverNow(); // to be forgotten, too
    {
        const QMutexLocker locker(&m_mutex);
        before = m_numbers;
        m_timeout = timeout;
        m_arrived = 0;
        m_done = false;
        m_deadline = QDeadlineTimer(QDeadlineTimer::Forever);
        m_numbers.clear();
    }
    if (!numbers.isEmpty())
        makeQuitter();

    SignalWatcher::Result result;
    QList<int> watched;
    for (const int number : numbers) {
        if (SignalPlatform::staysIgnored(number) && SignalPlatform::isFoundIgnored(number))
            continue;
        result = SignalPlatform::add(self, number, SignalWatcher::NoOptions);
        if (!result)
            break;
        watched.append(number);
    }
    if (!result) {
        SignalPlatform::removeAll(this);
        watched.clear();
    }
    for (const int number : std::as_const(before)) {
        if (!watched.contains(number))
            SignalPlatform::remove(this, number);
    }
    SignalPlatform::tidyUp();
    const QMutexLocker locker(&m_mutex);
    m_numbers = watched;
    return result;
}

int SignalQuit::arrived() const
{
    // Who asks may have been told by somebody else already: the other end of a socket has got the same Ctrl-C and gone.
    SignalPlatform::deliverNow();
    const QMutexLocker locker(&m_mutex);
    return m_arrived;
}

void SignalQuit::makeQuitter()
{
    QCoreApplication *application = QCoreApplication::instance();
    if (!application)
        return; // applicationStarted() comes
    if (application->thread() != QThread::currentThread()) {
        QMetaObject::invokeMethod(
            application,
            [this] {
                applicationStarted();
            },
            Qt::QueuedConnection);
        return;
    }
    // Only this thread makes one. Not under the lock: the application is told of its new child.
    bool isMissing = false;
    {
        const QMutexLocker locker(&m_mutex);
        isMissing = !m_quitter;
    }
    if (!isMissing)
        return;
    auto *quitter = new Quitter(application);
    const QMutexLocker locker(&m_mutex);
    m_quitter = quitter;
}

void SignalQuit::applicationStarted()
{
    makeQuitter();
    const QMutexLocker locker(&m_mutex);
    if (m_quitter && m_arrived != 0 && !m_done)
        QCoreApplication::postEvent(m_quitter, new QEvent(Quitter::quitType()));
}

bool SignalQuit::signalArrived(const SignalInfo &info)
{
    const QMutexLocker locker(&m_mutex);
    if (m_arrived == 0) {
        m_arrived = info.number();
        m_since.start();
        if (m_timeout > std::chrono::milliseconds::zero())
            m_deadline = QDeadlineTimer(m_timeout);
        if (m_quitter)
            QCoreApplication::postEvent(m_quitter, new QEvent(Quitter::quitType()));
        return true;
    }
    if (SignalPlatform::isHangUp(info.number()) && SignalPlatform::isHangUp(m_arrived) && !m_since.hasExpired(SameHangUp))
        return true;
    SignalPlatform::endProcess(info.number());
}

int SignalQuit::msecsLeft() const
{
    const QMutexLocker locker(&m_mutex);
    return m_deadline.isForever() ? -1 : int(std::min<qint64>(m_deadline.remainingTime(), 3'600'000));
}

void SignalQuit::timePasses()
{
    const QMutexLocker locker(&m_mutex);
    if (m_arrived != 0 && m_deadline.hasExpired())
        SignalPlatform::endProcess(m_arrived);
}

} // namespace InterprocessQt
