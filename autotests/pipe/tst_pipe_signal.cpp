// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "unix/syscalls_p.h"

#include "../local/forkedchild.h"

#include <InterprocessQt/Pipe>

#include <QProcess>

#include <cerrno>
#include <csignal>

using namespace InterprocessQt;

namespace
{
using Write = ssize_t (*)(int, const iovec *, int);

volatile sig_atomic_t handled = 0;
void handler(int)
{
    handled = handled + 1;
}

bool isPending()
{
    sigset_t pending;
    sigemptyset(&pending);
    ::sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
}

bool isBlocked()
{
    sigset_t blocked;
    sigemptyset(&blocked);
    ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    return sigismember(&blocked, SIGPIPE) == 1;
}

void block(bool on)
{
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(on ? SIG_BLOCK : SIG_UNBLOCK, &pipe, nullptr);
}

// Writes to a pipe without a reader; EPIPE if that is what it says.
bool writesToNobody(Write write)
{
    Pipe::Handles handles = Pipe::createHandles();
    handles.reader.reset();
    char byte = 'x';
    const iovec piece = {&byte, 1};
    errno = 0;
    return write(int(handles.writer.get()), &piece, 1) == -1 && errno == EPIPE;
}
} // namespace

/*
 * SIGPIPE is the application's, and stays so. Each case in a process of its own, where it may do its worst: with the call
 * that the kernel has for this, if it has, and with the one that keeps the signal away.
 */
class tst_pipe_signal : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theDefaultDoesNotEndTheProcess_data();
    void theDefaultDoesNotEndTheProcess();
    void aHandlerIsNotCalled_data();
    void aHandlerIsNotCalled();
    void aBlockedSignalDoesNotBecomePending_data();
    void aBlockedSignalDoesNotBecomePending();
    void onePendingBeforeStays_data();
    void onePendingBeforeStays();
    void whereItIsIgnoredItStaysSo_data();
    void whereItIsIgnoredItStaysSo();
    void aWriterNeverRaisesIt();
    void programsStartedLaterHaveTheDefault();

private:
    static void ways();
    static QByteArray inChild(const std::function<QByteArray()> &function)
    {
        ForkedChild child([&] {
            ::signal(SIGPIPE, SIG_DFL); // QProcess may have ignored it in this process
            block(false);
            handled = 0;
            return function();
        });
        return child.result();
    }
};

void tst_pipe_signal::ways()
{
    QTest::addColumn<Write>("write");
    QTest::newRow("the best way") << Write(sys::writeNoSignal);
    QTest::newRow("with the signal blocked") << Write(sys::writeSignalBlocked);
}

void tst_pipe_signal::theDefaultDoesNotEndTheProcess_data()
{
    ways();
}
void tst_pipe_signal::theDefaultDoesNotEndTheProcess()
{
    QFETCH(Write, write);
    QCOMPARE(inChild([write] {
                 return QByteArray(writesToNobody(write) && writesToNobody(write) && !isPending() && !isBlocked() ? "good" : "bad");
             }),
             "good");
}

void tst_pipe_signal::aHandlerIsNotCalled_data()
{
    ways();
}
void tst_pipe_signal::aHandlerIsNotCalled()
{
    QFETCH(Write, write);
    QCOMPARE(inChild([write] {
                 ::signal(SIGPIPE, handler);
                 const bool good = writesToNobody(write) && handled == 0;
                 ::raise(SIGPIPE); // it is still there, and called for others
                 return QByteArray(good && handled == 1 ? "good" : "bad");
             }),
             "good");
}

void tst_pipe_signal::aBlockedSignalDoesNotBecomePending_data()
{
    ways();
}
void tst_pipe_signal::aBlockedSignalDoesNotBecomePending()
{
    QFETCH(Write, write);
    QCOMPARE(inChild([write] {
                 block(true);
                 return QByteArray(writesToNobody(write) && !isPending() && isBlocked() ? "good" : "bad");
             }),
             "good");
}

void tst_pipe_signal::onePendingBeforeStays_data()
{
    ways();
}
void tst_pipe_signal::onePendingBeforeStays()
{
    QFETCH(Write, write);
    QCOMPARE(inChild([write] {
                 ::signal(SIGPIPE, handler);
                 block(true);
                 ::raise(SIGPIPE);
                 const bool good = writesToNobody(write) && isPending() && handled == 0;
                 block(false);
                 return QByteArray(good && handled == 1 ? "good" : "bad");
             }),
             "good");
}

void tst_pipe_signal::whereItIsIgnoredItStaysSo_data()
{
    ways();
}
void tst_pipe_signal::whereItIsIgnoredItStaysSo()
{
    QFETCH(Write, write);
    QCOMPARE(inChild([write] {
                 ::signal(SIGPIPE, SIG_IGN);
                 const bool good = writesToNobody(write) && !isPending() && !isBlocked();
                 return QByteArray(good && ::signal(SIGPIPE, SIG_DFL) == SIG_IGN ? "good" : "bad");
             }),
             "good");
}

void tst_pipe_signal::aWriterNeverRaisesIt()
{
    QCOMPARE(inChild([] {
                 ::signal(SIGPIPE, handler);
                 Pipe pipe = Pipe::create();
                 pipe.writer->write(QByteArray(1'000'000, 'x')); // congested
                 pipe.reader.reset();
                 pipe.writer->close();
                 const bool waited = pipe.writer->waitForClosed(10'000);
                 const bool good = !waited && pipe.writer->nativeError() == EPIPE && handled == 0;
                 return QByteArray(good && ::signal(SIGPIPE, SIG_DFL) == handler ? "good" : "bad");
             }),
             "good");
}

void tst_pipe_signal::programsStartedLaterHaveTheDefault()
{
    if (!QFile::exists("/proc/self/status"))
        QSKIP("needs /proc to see what a program has for its signals");
    for (const Write write : {Write(sys::writeNoSignal), Write(sys::writeSignalBlocked)}) {
        const QByteArray status = inChild([write] {
            if (!writesToNobody(write))
                return QByteArray("bad");
            FILE *const child = ::popen("grep -E '^Sig(Blk|Ign)' /proc/self/status", "r");
            QByteArray text(500, '\0');
            text.truncate(qsizetype(::fread(text.data(), 1, size_t(text.size()), child)));
            ::pclose(child);
            return text;
        });
        const quint64 pipe = quint64(1) << (SIGPIPE - 1);
        const QList<QByteArray> lines = status.trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        for (const QByteArray &line : lines)
            QVERIFY2(!(line.mid(line.indexOf(':') + 1).trimmed().toULongLong(nullptr, 16) & pipe), status.constData());
    }
}

QTEST_GUILESS_MAIN(tst_pipe_signal)
#include "tst_pipe_signal.moc"
