// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "../local/forkedchild.h"
#include "ipctest.h"
#include "spawned.h"

#include <InterprocessQt/PipeReader>
#include <InterprocessQt/PipeWriter>

#include <QCryptographicHash>

using namespace InterprocessQt;

// Terminals as programs meet them: after su, in the background of a shell, and where nobody looks at what is shown.
class tst_pipe_terminal : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aProgramIsNotStuckWhereNobodyLooks_data();
    void aProgramIsNotStuckWhereNobodyLooks();
    void aBackgroundProgramIsStoppedAndGoesOn();
    void aBackgroundProgramThatIgnoresTheSignalIsTold();

private:
    static QByteArray report(const QByteArray &data)
    {
        return QByteArray::number(data.size()) + ' ' + QCryptographicHash::hash(data, QCryptographicHash::Md5).toHex();
    }
};

void tst_pipe_terminal::aProgramIsNotStuckWhereNobodyLooks_data()
{
    QTest::addColumn<bool>("sameUser");
    QTest::addColumn<SessionLeader::Control>("control");
    QTest::newRow("its own terminal") << true << SessionLeader::Controlled;
    QTest::newRow("that of the user before su") << false << SessionLeader::Controlled;
    QTest::newRow("that of another user and another session") << false << SessionLeader::NotControlled;
}

void tst_pipe_terminal::aProgramIsNotStuckWhereNobodyLooks()
{
    QFETCH(bool, sameUser);
    QFETCH(SessionLeader::Control, control);
    if (!sameUser && !ForkedChild::canChangeUser())
        QSKIP("only root can be another user");
    if (!sameUser && !ForkedChild::othersCanRun(PeerProcess::find("peer_pipe")))
        QSKIP("another user may not run the programs of this build folder");
    const Terminal terminal;
    if (!terminal.slave)
        QSKIP("no pseudo-terminals here");
    const uid_t user = sameUser ? SessionLeader::SameUser : ForkedChild::someOtherUser();
    BlockingPipe input;
    const int slave = int(terminal.slave.get());
    SessionLeader program("peer_pipe", {"echo"}, input.out(), slave, slave, control, user);
    if (terminal.shownUntil("ready\r\n") != "ready\r\n")
        QCOMPARE(program.waitForExit(), 0);
    input.reader.reset();
    PipeWriter writer;
    QVERIFY(writer.open(std::move(input.writer)));
    const QByteArray line = QByteArray(20'000, 'x') + '\n';
    writer.write(line.repeated(30));
    // Much more than a terminal keeps: the program takes it all, although nobody looks at what it shows.
    QTRY_COMPARE_WITH_TIMEOUT(writer.bytesToWrite(), 0, 20'000);
    writer.write("last\n");
    QVERIFY(terminal.shownUntil("got last\r\n", 30'000).endsWith("x\r\ngot last\r\n"));
    QVERIFY(!isNonBlocking(slave));
    writer.close();
    QCOMPARE(program.waitForExit(), 0);
}

void tst_pipe_terminal::aBackgroundProgramIsStoppedAndGoesOn()
{
    const Terminal terminal;
    if (!terminal.slave)
        QSKIP("no pseudo-terminals here");
    const int slave = int(terminal.slave.get());
    // SIGTTIN stops it as it stops cat; in the foreground it goes on where it was.
    const QString script = QString(
                               "set -m; '%1' consume tell & read first; echo \"shell: $first\"; fg > /dev/null; code=$?; read last; "
                               "echo \"code $code, $last\"")
                               .arg(PeerProcess::find("peer_pipe"));
    SessionLeader shell("sh", {"-c", script}, slave, slave, slave, SessionLeader::Controlled);
    QVERIFY(terminal.shownUntil("open\r\n").endsWith("open\r\n"));
    terminal.type("for the shell\n");
    QVERIFY(terminal.shownUntil("shell: for the shell\r\n").endsWith("shell: for the shell\r\n"));
    terminal.type("for the program\n");
    QTest::qWait(50); // whoever reads takes one line
    terminal.type("\x04");
    const QByteArray end = report("for the program\n") + "\r\n";
    const QByteArray shown = terminal.shownUntil(end);
    QVERIFY2(shown.endsWith(end), shown.constData());
    terminal.type("good-bye\n");
    QVERIFY(terminal.shownUntil("code 0, good-bye\r\n").endsWith("code 0, good-bye\r\n"));
    QCOMPARE(shell.waitForExit(), 0);
}

void tst_pipe_terminal::aBackgroundProgramThatIgnoresTheSignalIsTold()
{
    const Terminal terminal;
    if (!terminal.slave)
        QSKIP("no pseudo-terminals here");
    const int slave = int(terminal.slave.get());
    // What is typed goes to the shell, which waits; the program may not read it (EIO), and that is no end of its input.
    const QString script = QString("set -m; '%1' consume deaf & wait").arg(PeerProcess::find("peer_pipe"));
    SessionLeader shell("sh", {"-c", script}, slave, slave, slave, SessionLeader::Controlled);
    QVERIFY(terminal.shownUntil("open\r\n").endsWith("open\r\n"));
    terminal.type("x\n");
    const QByteArray end = report({}) + "\r\n";
    const QByteArray shown = terminal.shownUntil(end);
    QVERIFY2(shown.contains("error 7 read from the pipe: ") && shown.endsWith(end), shown.constData());
    QCOMPARE(shell.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_pipe_terminal)
#include "tst_pipe_terminal.moc"
