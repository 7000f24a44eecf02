// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "manychildren.h"
#include "spawned.h"

#include <InterprocessQt/ChildHandles>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/Pipe>

#include <QDir>
#include <QProcess>

#include <sys/stat.h>

#include <cerrno>

using namespace InterprocessQt;

// What is handed over to a child by descriptors with numbers, and who uses these: tst_childhandles has what is the same everywhere.
class tst_childhandles_unix : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aShellUsesTheNumber();
    void aShellUsesANumberOfOneDigit();
    void pythonUsesTheNumber();
    void nothingElseIsInherited();
    void fiftyChildrenDoNotHaveEachOthersEnds();
    void theNextChildOfTheProcessHasNothing();
    void aModifierThatIsThereRunsToo();
    void anEnvironmentOfItsOwnStays();
    void whatGotLostIsNotTaken();
    void aForgedEnvironmentGivesNothingTwice();
    void aLongRunningParentCollectsNothing();
    void someNumbersAreRefused();

private:
    // The first line of a peer that lists its descriptors.
    static QString descriptorsOf(QProcess &process)
    {
        process.start(PeerProcess::find("peer_pipe"), {"open"});
        if (!process.waitForFinished())
            return process.errorString();
        return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    }
};

void tst_childhandles_unix::aShellUsesTheNumber()
{
    const Pipe toChild = Pipe::create();
    const Pipe fromChild = Pipe::create();
    ChildHandles handles;
    const auto input = handles.add(toChild.reader.get(), "input", 150);
    QCOMPARE(input, 150);
    const auto output = handles.add(fromChild.writer.get(), "output");
    PeerProcess shell;
    QVERIFY(handles.attachTo(&shell.process()));
    QVERIFY(shell.start("sh", {"-c", "tr a-z A-Z < /dev/fd/$1 > /dev/fd/$2", "sh", QString::number(input), QString::number(output)}));
    toChild.writer->write("by number");
    toChild.writer->close();
    QVERIFY(toChild.writer->waitForClosed());
    QVERIFY(fromChild.reader->waitForFinished());
    QCOMPARE(fromChild.reader->readAll(), "BY NUMBER");
    QCOMPARE(shell.waitForExit(), 0);
}

void tst_childhandles_unix::aShellUsesANumberOfOneDigit()
{
    int free = 0;
    for (int number = 3; number < 10 && free == 0; ++number) {
        if (::fcntl(number, F_GETFD) == -1)
            free = number;
    }
    if (free == 0)
        QSKIP("3 to 9 are all in use in this process");
    const Pipe fromChild = Pipe::create(); // may well have that number
    ChildHandles handles;
    NativeHandle writer = fromChild.writer->release();
    const auto given = handles.add(std::move(writer), "output", free);
    if (given == NativeHandle::Invalid) {
        QCOMPARE(handles.nativeError(), EBUSY);
        NativeHandle highReader(::fcntl(int(fromChild.reader->handle()), F_DUPFD_CLOEXEC, 50));
        fromChild.reader->close();
        QVERIFY(fromChild.reader->open(std::move(highReader)));
        QVERIFY2(handles.add(std::move(writer), "output", free) == free, qPrintable(handles.errorString()));
    }
    PeerProcess shell;
    QVERIFY(handles.attachTo(&shell.process()));
    QVERIFY(shell.start("sh", {"-c", QString("echo hello >&%1").arg(free)}));
    QVERIFY(fromChild.reader->waitForFinished());
    QCOMPARE(fromChild.reader->readAll(), "hello\n");
    QCOMPARE(shell.waitForExit(), 0);
}

void tst_childhandles_unix::pythonUsesTheNumber()
{
    if (PeerProcess::find("python3").isEmpty())
        QSKIP("there is no python3");
    const auto [mine, theirs] = LocalSocket::pair();
    const Pipe fromChild = Pipe::create();
    ChildHandles handles;
    const auto socket = handles.add(theirs.get(), "socket");
    const auto output = handles.add(fromChild.writer.get(), "output");
    PeerProcess python;
    QVERIFY(handles.attachTo(&python.process()));
    const QString program =
        "import os, socket, sys\n"
        "s = socket.socket(fileno=int(sys.argv[1]))\n"
        "with os.fdopen(int(sys.argv[2]), 'w') as out:\n"
        "    out.write(s.recv(100).decode()[::-1])\n"
        "s.sendall(b'done')\n";
    QVERIFY(python.start("python3", {"-c", program, QString::number(socket), QString::number(output)}));
    QTest::qWait(50); // a socket that does not block would have failed by now
    mine->write("python");
    QVERIFY2(fromChild.reader->waitForFinished(), qPrintable(python.errors()));
    QCOMPARE(fromChild.reader->readAll(), "nohtyp");
    QTRY_COMPARE(mine->bytesAvailable(), 4);
    QCOMPARE(mine->readAll(), "done");
    QCOMPARE(python.waitForExit(), 0);
}

void tst_childhandles_unix::nothingElseIsInherited()
{
    const NativeHandle leak(::open("/dev/null", O_RDONLY)); // as a careless library does
    QProcess careless;
    QVERIFY(descriptorsOf(careless).contains(QString(" %1").arg(leak.get())));

    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    const auto number = handles.add(std::move(pipe.writer), "pipe");
    QProcess child;
    QVERIFY(handles.attachTo(&child));
    const QString open = descriptorsOf(child);
#ifndef Q_OS_LINUX
    QSKIP("only Linux can close in a child what was left open");
#endif
    QCOMPARE(open, QString("open %1").arg(number));
}

void tst_childhandles_unix::fiftyChildrenDoNotHaveEachOthersEnds()
{
    ManyChildren children;
    for (int i = 0; i < 50; ++i) {
        QVERIFY(children.add([](QProcess &process, NativeHandle::Type input, NativeHandle::Type output) {
            process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            // How many descriptors it has, and then what it is told, until the end.
            process.start("sh",
                          {"-c",
                           "exec 0</dev/null; ls /proc/self/fd | wc -l > /dev/fd/$2; exec cat /dev/fd/$1 > /dev/fd/$2",
                           "sh",
                           QString::number(input),
                           QString::number(output)});
        }));
    }
    // The ends come one by one: no other child holds the writing side of any.
    for (size_t i = 0; i < children.count(); ++i) {
        const QByteArray question = "number " + QByteArray::number(i);
        const QByteArrayList answer = children.answer(i, question).split('\n');
        QCOMPARE(answer.value(1), question);
        // 0, 1, 2, the two pipes, and the folder itself
        QCOMPARE(answer.value(0).trimmed(), "6");
    }
}

void tst_childhandles_unix::theNextChildOfTheProcessHasNothing()
{
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    const auto number = handles.add(std::move(pipe.writer), "pipe");
    QProcess process;
    QVERIFY(handles.attachTo(&process));
    QVERIFY(!process.processEnvironment().inheritsFromParent());
    QCOMPARE(descriptorsOf(process), QString("open %1").arg(number));
    QVERIFY(process.processEnvironment().inheritsFromParent());
    QVERIFY(!process.childProcessModifier());
    QProcess ordinary;
    QCOMPARE(descriptorsOf(process), descriptorsOf(ordinary)); // whatever this test itself was started with
    pipe = Pipe::createHandles();
    const auto again = handles.add(std::move(pipe.writer), "pipe");
    QVERIFY(handles.attachTo(&process));
    QCOMPARE(descriptorsOf(process), QString("open %1").arg(again));
}

void tst_childhandles_unix::aModifierThatIsThereRunsToo()
{
    const NativeHandle chosen(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    const auto number = handles.add(std::move(pipe.reader), "pipe");
    QProcess process;
    const int fd = int(chosen.get());
    process.setChildProcessModifier([fd] {
        ::fcntl(fd, F_SETFD, 0);
    });
    QVERIFY(handles.attachTo(&process));
    QCOMPARE(descriptorsOf(process), QString("open %1 %2").arg(qMin<qintptr>(fd, number)).arg(qMax<qintptr>(fd, number)));
}

void tst_childhandles_unix::anEnvironmentOfItsOwnStays()
{
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    static_cast<void>(handles.add(std::move(pipe.reader), "a name; with = and : ü"));
    PeerProcess child;
    QProcessEnvironment environment;
    environment.insert("ONLY", "this");
    environment.insert("LC_ALL", "C.UTF-8");
    if (qEnvironmentVariableIsSet("LD_LIBRARY_PATH"))
        environment.insert("LD_LIBRARY_PATH", qEnvironmentVariable("LD_LIBRARY_PATH"));
    child.process().setProcessEnvironment(environment);
    QVERIFY(handles.attachTo(&child.process()));
    QVERIFY(child.start("peer_pipe", {"handles"}));
    QVERIFY(child.readLine().startsWith("open "));
    QCOMPARE(child.readLine(), QString::fromUtf8("names a name; with = and : ü"));
    QCOMPARE(child.waitForExit(), 0);
    QCOMPARE(child.process().processEnvironment(), environment);
}

void tst_childhandles_unix::whatGotLostIsNotTaken()
{
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    const auto number = handles.add(std::move(pipe.reader), "input", 140);
    QCOMPARE(number, 140);
    PeerProcess shell;
    QVERIFY(handles.attachTo(&shell.process()));
    if (PeerProcess::find("bash").isEmpty())
        QSKIP("there is no bash");
    // The number stands for something else by the time the program looks.
    QVERIFY(shell.start("bash", {"-c", "exec 140</dev/null; exec \"$0\" handles", PeerProcess::find("peer_pipe")}));
    QCOMPARE(shell.readLine(), "open 140");
    QCOMPARE(shell.readLine(), "names ");
    QCOMPARE(shell.waitForExit(), 0);
}

void tst_childhandles_unix::aForgedEnvironmentGivesNothingTwice()
{
    const BlockingPipe pipe;
    const int number = ::fcntl(pipe.out(), F_DUPFD, 160); // inherited
    const NativeHandle inherited(number);
    struct stat status = {};
    QCOMPARE(::fstat(number, &status), 0);
    QFile inputFile(path("input"));
    QVERIFY(inputFile.open(QIODevice::WriteOnly));
    struct stat input = {};
    QCOMPARE(::fstat(inputFile.handle(), &input), 0);
    const auto entry = [](const QString &name, qint64 handle, const struct stat &file) {
        return QString("%1=%2:%3.%4").arg(name).arg(handle).arg(qulonglong(file.st_dev), 0, 16).arg(qulonglong(file.st_ino), 0, 16);
    };
    PeerProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QStringList entries{
        entry("good", number, status),
        entry("again", number, status), // two owners would close it twice
        entry("standard", 0, input), // is not to be closed by who takes it
        entry("huge", number + (qint64(1) << 32), status), // another number as an int
        entry("negative", -number, status),
        "other=160:0.0",
        "nothing=160",
        "=160:1.1",
        "",
        "x=y:z",
        "%zz=160:" + QString(10'000, 'f'),
    };
    environment.insert("INTERPROCESSQT_HANDLES", entries.join(';'));
    child.process().setProcessEnvironment(environment);
    child.process().setStandardInputFile(path("input"));
    QVERIFY(child.start("peer_pipe", {"handles"}));
    QVERIFY(child.readLine().startsWith("open "));
    QCOMPARE(child.readLine(), "names good");
    QCOMPARE(child.waitForExit(), 0);
}

void tst_childhandles_unix::aLongRunningParentCollectsNothing()
{
    if (!QFile::exists("/proc/self/fd"))
        QSKIP("needs /proc to see what another process has open");
    PeerProcess child;
    QVERIFY(child.start("peer_pipe", {"rounds"}));
    const auto rounds = [&child](int count) {
        for (int i = 0; i < count; ++i) {
            child.writeLine("round");
            if (child.readLine() != "done")
                return QStringList("a round has failed");
        }
        QStringList open;
        const QDir folder(QString("/proc/%1/fd").arg(child.pid()));
        for (const QString &number : folder.entryList(QDir::Files | QDir::System))
            open.append(number + ' ' + QFile::symLinkTarget(folder.filePath(number)));
        return open;
    };
    const QStringList few = rounds(2);
    QVERIFY(few.size() > 3);
    const QStringList many = rounds(40);
    QVERIFY2(few == many, qPrintable(many.join('\n')));
    child.process().closeWriteChannel();
    QCOMPARE(child.waitForExit(), 0);
}

void tst_childhandles_unix::someNumbersAreRefused()
{
    ChildHandles handles;
    Pipe::Handles pipe = Pipe::createHandles();
    QCOMPARE(handles.add(std::move(pipe.reader), "x", 2), NativeHandle::Invalid);
    QCOMPARE(handles.nativeError(), EINVAL);
    QCOMPARE(handles.add(std::move(pipe.reader), "x", pipe.writer.get()), NativeHandle::Invalid);
    QCOMPARE(handles.nativeError(), EBUSY);
    QVERIFY(pipe.reader);
}

QTEST_GUILESS_MAIN(tst_childhandles_unix)
#include "tst_childhandles_unix.moc"
