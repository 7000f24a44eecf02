// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "faulttest.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QTimer>

#include <cerrno>
#include <cstring>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/time.h>

namespace
{

// Long enough for a machine under load; what waits so long waits for ever.
constexpr int LongTime = 5'000;
// What one run may use of a processor, in seconds: it needs milliseconds. Sanitizers make it slower.
constexpr double MostProcessorTime = 3;

bool everything()
{
    return qEnvironmentVariable("INTERPROCESSQT_FAULTS") == QLatin1String("all");
}

double processorTime()
{
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return double(time.tv_sec) + double(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Of the C library's heap; -1 where a sanitizer has one of its own, and finds what is left by itself.
qint64 memoryInUse()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
    return -1;
#else
    return qint64(mallinfo2().uordblks) + qint64(mallinfo2().hblkhd);
#endif
}

void deleteWhatIsDue()
{
    QCoreApplication::sendPostedEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

QString nameOf(int error)
{
    if (error == Injector::OneByte)
        return QStringLiteral("one byte");
    return QString::fromLatin1(strerrorname_np(error));
}

// With the number, or in words.
bool isToldBy(int error, const Scenario::Report &report)
{
    const bool gone = error == EPIPE || error == ECONNRESET || error == ENOTCONN;
    if (gone && report.text.endsWith(QLatin1String("the peer closed the connection")))
        return true;
    // ENXIO is how a FIFO says that there is no reader (fifo(7)).
    if (error == ENXIO && report.text.endsWith(QLatin1String("none has come in time")))
        return true;
    return report.native == error || report.native == Scenario::Report::Otherwise;
}

// A descriptor that is open is not none the next time, nor a regular file: a QSocketNotifier, which has no way to tell of an
// error, would be left disabled.
bool canLast(const char *call, int error)
{
    return std::strcmp(call, "epoll_ctl") != 0 || (error != EBADF && error != EPERM);
}

// The work goes on as if nothing had happened.
bool isHarmless(int error)
{
    return error == EINTR || error == Injector::OneByte;
}

} // namespace

// ---- Scenario

Scenario::~Scenario() = default;

void Scenario::start()
{
    m_reports.clear();
    m_wrong.clear();
    m_complete = false;
    run();
}

QString Scenario::summary() const
{
    QString text = m_complete ? QStringLiteral("complete") : QStringLiteral("not complete");
    for (const Report &each : m_reports)
        text += QStringLiteral("; %1: (%2) %3").arg(each.who).arg(each.native).arg(each.text);
    for (const QString &each : m_wrong)
        text += QStringLiteral("; wrong: ") + each;
    return text;
}

bool Scenario::await(const char *what, const std::function<bool()> &condition)
{
    if (condition())
        return true;
    QTimer limit;
    limit.setSingleShot(true);
    limit.start(LongTime);
    while (limit.isActive()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        if (condition())
            return true;
    }
    wrong(QStringLiteral("waits for ever for ") + QString::fromUtf8(what));
    return false;
}

void Scenario::isBeginning(const char *what, const QByteArray &arrived, const QByteArray &sent)
{
    if (!sent.startsWith(arrived))
        wrong(QStringLiteral("%1: %2 bytes that are not what was sent").arg(QString::fromUtf8(what)).arg(arrived.size()));
}

// ---- FaultTest

void FaultTest::inject(const Factory &make, Duration duration)
{
    // What is opened, found out or allocated once for the process is there before anything is counted.
    for (int i = 0; i < 3; ++i) {
        const auto warmUp = make();
        warmUp->start();
        QVERIFY2(warmUp->isComplete() && warmUp->reports().isEmpty(), qPrintable(warmUp->summary()));
    }
    deleteWhatIsDue();

    Baseline baseline;
    {
        const auto scenario = make();
        Injector::arm({});
        scenario->start();
        Injector::disarm();
        QVERIFY2(scenario->isComplete(), qPrintable(scenario->summary()));
        for (int call = 0; call < int(Injector::calls().size()); ++call)
            baseline.counts.push_back(Injector::count(call));
        baseline.total = Injector::total();
    }
    deleteWhatIsDue();

    // One alone, as a failure words it: "recv 3 ENOMEM".
    const QStringList one = qEnvironmentVariable("INTERPROCESSQT_FAULTS").split(QLatin1Char(' '));
    if (one.size() == 3) {
        for (int call = 0; call < int(Injector::calls().size()); ++call) {
            for (const int error : Injector::calls()[size_t(call)].errors) {
                if (one[0] == QLatin1String(Injector::calls()[size_t(call)].name) && one[2] == nameOf(error))
                    static_cast<void>(tryFault(make, {call, one[1].toInt(), error, 1}, baseline));
            }
        }
        return;
    }

    constexpr size_t Few = 3;
    int injections = 0;
    QStringList reached;
    for (int call = 0; call < int(Injector::calls().size()); ++call) {
        const Injector::Call &each = Injector::calls()[size_t(call)];
        std::vector<int> errors = each.errors;
        if (!everything())
            errors.resize(std::min(errors.size(), Few));
        if (each.transfers)
            errors.insert(errors.begin(), Injector::OneByte); // before one that makes the library go another way from then on
        for (const int error : errors) {
            for (int nth = 1;; nth += everything() ? 1 : 1 + nth / 4) {
                // Without one in the baseline there may still be some after another fault: those are not looked for.
                if (baseline.counts[size_t(call)] == 0)
                    break;
                if (!tryFault(make, {call, nth, error, 1}, baseline))
                    return;
                if (!m_struck)
                    break;
                ++injections;
                // What lasts, as a full table does.
                if (nth == 1 && !isHarmless(error) && duration == AlsoLasting && canLast(each.name, error)) {
                    if (!tryFault(make, {call, nth, error, 5}, baseline))
                        return;
                    ++injections;
                }
            }
        }
        if (baseline.counts[size_t(call)] > 0)
            reached.append(QStringLiteral("%1 %2").arg(QLatin1String(each.name)).arg(baseline.counts[size_t(call)]));
    }
    QVERIFY(injections > 0);
    qInfo("%d faults; calls: %s", injections, qPrintable(reached.join(QLatin1String(", "))));
}

bool FaultTest::tryFault(const Factory &make, const Injector::Fault &fault, const Baseline &baseline)
{
    const QString flaw = judge(make, fault, baseline);
    if (flaw.isEmpty())
        return true;
    const QString text = QStringLiteral("%1 no. %2 fails with %3%4: %5")
                             .arg(QLatin1String(Injector::calls()[size_t(fault.call)].name))
                             .arg(fault.nth)
                             .arg(nameOf(fault.error), fault.times > 1 ? QStringLiteral(", %1 times").arg(fault.times) : QString(), flaw);
    // All of them are to be seen, not the first alone.
    if (qEnvironmentVariableIsSet("INTERPROCESSQT_FAULTS_GO_ON")) {
        qWarning("%s", qPrintable(text));
        return true;
    }
    QTest::qFail(qPrintable(text), __FILE__, __LINE__);
    return false;
}

QString FaultTest::judge(const Factory &make, const Injector::Fault &fault, const Baseline &baseline)
{
    qint64 before = memoryInUse();
    const QString flaw = judgeOnce(make, fault, baseline);
    if (!flaw.isEmpty() || memoryInUse() <= before)
        return flaw;
    // The heap keeps some of what it got for the next time: what grows each time is left behind.
    constexpr int Repetitions = 40;
    for (int i = 0; i < Repetitions; ++i) {
        before = memoryInUse();
        const QString again = judgeOnce(make, fault, baseline);
        if (!again.isEmpty() || memoryInUse() <= before)
            return again;
    }
    return QStringLiteral("memory is left each time: %1 bytes").arg(memoryInUse() - before);
}

QString FaultTest::judgeOnce(const Factory &make, const Injector::Fault &fault, const Baseline &baseline)
{
    const auto open = openDescriptors();
    QString flaw;
    {
        const auto scenario = make();
        const double begin = processorTime();
        Injector::arm(fault);
        scenario->start();
        Injector::disarm();
        const double used = processorTime() - begin;
        m_struck = Injector::struck();
        const int calls = Injector::total();

        bool told = false;
        for (const Scenario::Report &report : scenario->reports()) {
            told = told || isToldBy(fault.error, report);
            // "what was done: what the system says"
            if (report.native != 0 && !report.text.contains(QLatin1String(": ")))
                flaw = QStringLiteral("an error that does not say what has failed");
        }
        if (!scenario->wrong().isEmpty())
            flaw = QStringLiteral("it goes wrong");
        else if (!m_struck && !scenario->isComplete())
            flaw = QStringLiteral("it was not reached, and still all was not done");
        else if (isHarmless(fault.error) && !scenario->isComplete())
            flaw = QStringLiteral("what is no error ends it");
        else if (!scenario->isComplete() && !told)
            flaw = QStringLiteral("nobody is told of it");
        else if (calls > 10 * baseline.total + 1000)
            flaw = QStringLiteral("%1 calls instead of %2").arg(calls).arg(baseline.total);
        else if (used > MostProcessorTime)
            flaw = QStringLiteral("%1 s of a processor").arg(used);
        if (!flaw.isEmpty())
            return flaw + QLatin1String(" (") + scenario->summary() + QLatin1Char(')');

        if (m_struck) {
            scenario->start();
            if (!scenario->isComplete() || !scenario->reports().isEmpty())
                return QStringLiteral("afterwards it cannot be used (%1)").arg(scenario->summary());
        }
    }
    deleteWhatIsDue();

    const auto left = openDescriptors();
    for (auto it = left.cbegin(); it != left.cend(); ++it) {
        if (open.value(it.key()) != it.value())
            flaw = QStringLiteral("left open: %1 (%2)").arg(it.key()).arg(it.value());
    }
    const QStringList files = QDir(directory()).entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot);
    if (!files.isEmpty())
        flaw = QStringLiteral("files are left: ") + files.join(QLatin1String(", "));
    return flaw;
}

void FaultTest::transferByteByByte(const Factory &make)
{
    const auto scenario = make();
    Injector::armOneByte();
    scenario->start();
    Injector::disarm();
    QVERIFY2(scenario->isComplete() && scenario->reports().isEmpty(), qPrintable(scenario->summary()));
    qInfo("%d calls", Injector::total());
}
