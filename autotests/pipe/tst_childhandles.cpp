// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "spawned.h"

#include <InterprocessQt/ChildHandles>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/Pipe>

#include <QDir>
#include <QProcess>
#include <QThread>

#include <sys/stat.h>

#include <atomic>
#include <cerrno>

using namespace InterprocessQt;

// What is handed over to a child, who has it then, and who has not.
class tst_childhandles : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aChildTakesWhatItWasGiven();
    void theParentKeepsNothing();
    void aShellUsesTheNumber();
    void aShellUsesANumberOfOneDigit();
    void pythonUsesTheNumber();
    void nothingElseIsInherited();
    void fiftyChildrenDoNotHaveEachOthersEnds();
    void theNextChildOfTheProcessHasNothing();
    void aChildThatCannotBeStartedClosesThem();
    void aProcessThatIsNeverStartedClosesThem();
    void twoCollectionsCanBeAttached();
    void aModifierThatIsThereRunsToo();
    void anEnvironmentThatIsThereStays();
    void whatGotLostIsNotTaken();
    void aForgedEnvironmentGivesNothingTwice();
    void aProcessThatIsStartedOftenCollectsNothing();
    void childrenOfSeveralThreadsDoNotHaveEachOthersEnds();
    void aLongRunningParentCollectsNothing();
    void whatCannotBeAddedStays();
    void aRunningProcessIsRefused();

private:
    // The first line of a peer that lists its descriptors.
    static QString descriptorsOf(QProcess &process)
    {
        process.start(PeerProcess::find("peer_pipe"), {"descriptors"});
        if (!process.waitForFinished())
            return process.errorString();
        return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    }
};

void tst_childhandles::aChildTakesWhatItWasGiven()
{
    const Pipe toChild = Pipe::create();
    const Pipe fromChild = Pipe::create();
    const auto [mine, theirs] = LocalSocket::pair();
    ChildHandles handles;
    const auto input = handles.add(toChild.reader.get(), "input");
    const auto output = handles.add(fromChild.writer.get(), "output");
    const auto socket = handles.add(theirs.get(), "socket");
    QVERIFY2(input > 2 && output > 2 && socket > 2, qPrintable(handles.errorString()));
    QCOMPARE(handles.names(), QStringList({"input", "output", "socket"}));
    QVERIFY(!toChild.reader->isOpen() && !fromChild.writer->isOpen() && !theirs->isOpen());
    QCOMPARE(mine->state(), LocalSocket::ConnectedState);

    PeerProcess child;
    QVERIFY(handles.attachTo(&child.process()));
    QVERIFY(handles.names().isEmpty());
    QVERIFY(child.start("peer_pipe", {"handles"}));
    // Blocking, as other programs want them; nothing else is there.
    QList<qintptr> numbers{input, output, socket};
    std::sort(numbers.begin(), numbers.end());
    QCOMPARE(child.readLine(), QString("open %1 %2 %3").arg(numbers[0]).arg(numbers[1]).arg(numbers[2]));
    QCOMPARE(child.readLine(), "names input,output,socket");
    QCOMPARE(child.readLine(), "variable not set");
    QTRY_COMPARE(mine->bytesAvailable(), 14);
    QCOMPARE(mine->readAll(), "from the child");
    QSignalSpy finished(fromChild.reader.get(), &PipeReader::readChannelFinished);
    toChild.writer->write("shout");
    toChild.writer->close();
    QCOMPARE(child.readLine(), "read shout");
    QVERIFY(finished.count() == 1 || finished.wait()); // the parent has no copy that would keep it open
    QCOMPARE(fromChild.reader->readAll(), "SHOUT");
    QCOMPARE(child.waitForExit(), 0);
    QTRY_COMPARE(mine->state(), LocalSocket::UnconnectedState);
}

void tst_childhandles::theParentKeepsNothing()
{
    const int before = int(openDescriptors().size());
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    QVERIFY(handles.add(std::move(pipe.writer), "unused") != NativeHandle::Invalid);
    QVERIFY(!pipe.writer);
    QProcess child;
    QVERIFY(handles.attachTo(&child));
    child.start("sleep", {"30"});
    QVERIFY(child.waitForStarted());
    pipe.reader.reset();
    // Its standard streams of QProcess may be there, but not what was handed over.
    const QMap<int, QString> open = openDescriptors();
    child.kill();
    child.waitForFinished();
    QVERIFY2(open.size() <= before + 4, qPrintable(QStringList(open.values()).join(' ')));
    QTRY_VERIFY(openDescriptors().size() <= before + 1);
}

void tst_childhandles::aShellUsesTheNumber()
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

void tst_childhandles::aShellUsesANumberOfOneDigit()
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

void tst_childhandles::pythonUsesTheNumber()
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

void tst_childhandles::nothingElseIsInherited()
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

void tst_childhandles::fiftyChildrenDoNotHaveEachOthersEnds()
{
    constexpr int Count = 50;
    struct Child {
        Pipe toChild = Pipe::create();
        Pipe fromChild = Pipe::create();
        QProcess process;
    };
    std::vector<std::unique_ptr<Child>> children;
    for (int i = 0; i < Count; ++i) {
        auto &child = *children.emplace_back(std::make_unique<Child>());
        ChildHandles handles;
        const auto input = handles.add(child.toChild.reader.get(), "input");
        const auto output = handles.add(child.fromChild.writer.get(), "output");
        QVERIFY(handles.attachTo(&child.process));
        child.process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        // How many descriptors it has, and then what it is told, until the end.
        child.process.start("sh",
                            {"-c",
                             "exec 0</dev/null; ls /proc/self/fd | wc -l > /dev/fd/$2; exec cat /dev/fd/$1 > /dev/fd/$2",
                             "sh",
                             QString::number(input),
                             QString::number(output)});
    }
    // The ends come one by one: no other child holds the writing side of any.
    for (int i = 0; i < Count; ++i) {
        Child &child = *children[size_t(i)];
        QVERIFY2(child.process.waitForStarted(), qPrintable(child.process.errorString()));
        child.toChild.writer->write("number " + QByteArray::number(i));
        child.toChild.writer->close();
        QVERIFY(child.toChild.writer->waitForClosed());
        QVERIFY(child.fromChild.reader->waitForFinished());
        const QByteArrayList answer = child.fromChild.reader->readAll().split('\n');
        QCOMPARE(answer.value(1), "number " + QByteArray::number(i));
        // 0, 1, 2, the two pipes, and the folder itself
        QCOMPARE(answer.value(0).trimmed(), "6");
        QVERIFY(child.process.waitForFinished());
    }
}

void tst_childhandles::theNextChildOfTheProcessHasNothing()
{
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    const auto number = handles.add(std::move(pipe.writer), "pipe");
    QProcess process;
    QVERIFY(handles.attachTo(&process));
    QVERIFY(!process.processEnvironment().inheritsFromParent());
    QCOMPARE(descriptorsOf(process), QString("open %1").arg(number));
    QVERIFY(process.processEnvironment().inheritsFromParent());
    QProcess ordinary;
    QCOMPARE(descriptorsOf(process), descriptorsOf(ordinary)); // whatever this test itself was started with
    pipe = Pipe::createHandles();
    const auto again = handles.add(std::move(pipe.writer), "pipe");
    QVERIFY(handles.attachTo(&process));
    QCOMPARE(descriptorsOf(process), QString("open %1").arg(again));
}

void tst_childhandles::aChildThatCannotBeStartedClosesThem()
{
    Pipe pipe = Pipe::create();
    ChildHandles handles;
    QVERIFY(handles.add(pipe.writer.get(), "pipe") != NativeHandle::Invalid);
    keepDescriptors(); // QProcess of Qt 6.4 leaves a pipe of its own behind then; of ours the reader sees the end
    QProcess process;
    QVERIFY(handles.attachTo(&process));
    process.start("/nowhere/to/be/found", QStringList());
    QVERIFY(!process.waitForStarted());
    QVERIFY(pipe.reader->waitForFinished());
    QVERIFY(process.processEnvironment().inheritsFromParent());
}

void tst_childhandles::aProcessThatIsNeverStartedClosesThem()
{
    Pipe pipe = Pipe::create();
    {
        ChildHandles handles;
        QVERIFY(handles.add(pipe.writer.get(), "pipe") != NativeHandle::Invalid);
        QProcess process;
        QVERIFY(handles.attachTo(&process));
        QVERIFY(!pipe.reader->waitForFinished(1));
    }
    QVERIFY(pipe.reader->waitForFinished());

    pipe = Pipe::create();
    {
        ChildHandles handles;
        QVERIFY(handles.add(pipe.writer.get(), "pipe") != NativeHandle::Invalid);
        ChildHandles moved(std::move(handles));
        QCOMPARE(moved.names(), QStringList("pipe"));
    }
    QVERIFY(pipe.reader->waitForFinished());
}

void tst_childhandles::twoCollectionsCanBeAttached()
{
    Pipe::Handles one = Pipe::createHandles();
    Pipe::Handles two = Pipe::createHandles();
    ChildHandles first;
    ChildHandles second;
    const auto a = first.add(std::move(one.reader), "one");
    const auto b = second.add(std::move(two.reader), "two");
    PeerProcess child;
    QVERIFY(first.attachTo(&child.process()));
    QVERIFY(second.attachTo(&child.process()));
    ChildHandles third;
    Pipe::Handles other = Pipe::createHandles();
    QVERIFY(third.add(std::move(other.reader), "one") != NativeHandle::Invalid);
    QVERIFY(!third.attachTo(&child.process())); // of that name there is something
    QCOMPARE(third.names(), QStringList("one"));
    QVERIFY(child.start("peer_pipe", {"handles"}));
    QCOMPARE(child.readLine(), QString("open %1 %2").arg(qMin(a, b)).arg(qMax(a, b)));
    QCOMPARE(child.readLine(), "names one,two");
    QCOMPARE(child.waitForExit(), 0);
    QVERIFY(child.process().processEnvironment().inheritsFromParent());
}

void tst_childhandles::aModifierThatIsThereRunsToo()
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

void tst_childhandles::anEnvironmentThatIsThereStays()
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

void tst_childhandles::whatGotLostIsNotTaken()
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

void tst_childhandles::aForgedEnvironmentGivesNothingTwice()
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

void tst_childhandles::aProcessThatIsStartedOftenCollectsNothing()
{
    struct Process : QProcess {
        [[nodiscard]] int connections() const
        {
            return receivers(SIGNAL(started())) + receivers(SIGNAL(errorOccurred(QProcess::ProcessError)));
        }
    } process;
    for (int i = 0; i < 5; ++i) {
        Pipe::Handles one = Pipe::createHandles();
        Pipe::Handles two = Pipe::createHandles();
        ChildHandles first;
        ChildHandles second;
        QVERIFY(first.add(std::move(one.writer), "one") != NativeHandle::Invalid);
        QVERIFY(second.add(std::move(two.writer), "two") != NativeHandle::Invalid);
        QVERIFY(first.attachTo(&process));
        QVERIFY(second.attachTo(&process));
        QVERIFY(descriptorsOf(process).startsWith("open "));
        QCOMPARE(process.connections(), 0);
        QVERIFY(!process.childProcessModifier());
    }
}

void tst_childhandles::childrenOfSeveralThreadsDoNotHaveEachOthersEnds()
{
    constexpr int Threads = 4;
    constexpr int Children = 12;
    std::atomic<int> good = 0;
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < Threads; ++i) {
        threads.emplace_back(QThread::create([&] {
            for (int n = 0; n < Children; ++n) {
                Pipe toChild = Pipe::create();
                Pipe fromChild = Pipe::create();
                ChildHandles handles;
                const auto input = handles.add(toChild.reader.get(), "input");
                const auto output = handles.add(fromChild.writer.get(), "output");
                QProcess process;
                if (!handles.attachTo(&process))
                    return;
                process.start(PeerProcess::find("peer_pipe"), {"handles"});
                toChild.writer->write("x");
                toChild.writer->close();
                // It ends if nobody else has the writing end of its input, and so does this if nobody else has that of its output.
                const bool ended =
                    process.waitForStarted() && toChild.writer->waitForClosed() && fromChild.reader->waitForFinished() && process.waitForFinished();
                const QByteArray expected = "open " + QByteArray::number(qMin(input, output)) + ' ' + QByteArray::number(qMax(input, output)) + '\n';
                if (ended && fromChild.reader->readAll() == "X" && process.readAllStandardOutput().startsWith(expected))
                    ++good;
            }
        }));
    }
    for (const auto &thread : threads)
        thread->start();
    for (const auto &thread : threads)
        thread->wait();
    QCOMPARE(good, Threads * Children);
}

void tst_childhandles::aLongRunningParentCollectsNothing()
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

void tst_childhandles::whatCannotBeAddedStays()
{
    ChildHandles handles;
    Pipe::Handles pipe = Pipe::createHandles();
    QCOMPARE(handles.add(std::move(pipe.reader), ""), NativeHandle::Invalid);
    QVERIFY(pipe.reader);
    QVERIFY(!handles.errorString().isEmpty());
    QCOMPARE(handles.add(std::move(pipe.reader), "x", 2), NativeHandle::Invalid);
    QCOMPARE(handles.nativeError(), EINVAL);
    QCOMPARE(handles.add(std::move(pipe.reader), "x", pipe.writer.get()), NativeHandle::Invalid);
    QCOMPARE(handles.nativeError(), EBUSY);
    QVERIFY(pipe.reader);
    QCOMPARE(handles.add(NativeHandle(), "x"), NativeHandle::Invalid);
    QCOMPARE(handles.nativeError(), EBADF);
    const qintptr own = pipe.reader.get();
    QCOMPARE(handles.add(std::move(pipe.reader), "x", own), own); // the number that it has
    QVERIFY(!pipe.reader);
    QCOMPARE(handles.add(std::move(pipe.writer), "x"), NativeHandle::Invalid); // the name is used
    QVERIFY(pipe.writer);

    const Pipe ends = Pipe::create();
    ends.writer->write(QByteArray(1'000'000, 'x'));
    QCOMPARE(handles.add(ends.writer.get(), "writer"), NativeHandle::Invalid);
    QTRY_COMPARE(ends.reader->bytesAvailable(), 1'000'000);
    QCOMPARE(handles.add(ends.reader.get(), "reader"), NativeHandle::Invalid);
    QVERIFY(ends.reader->isOpen() && ends.writer->isOpen());
    LocalSocket unconnected;
    QCOMPARE(handles.add(&unconnected, "socket"), NativeHandle::Invalid);
}

void tst_childhandles::aRunningProcessIsRefused()
{
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    QVERIFY(handles.add(std::move(pipe.reader), "pipe") != NativeHandle::Invalid);
    QProcess process;
    process.start("sleep", {"30"});
    QVERIFY(!handles.attachTo(&process));
    QCOMPARE(handles.names(), QStringList("pipe"));
    process.kill();
    process.waitForFinished();
}

QTEST_GUILESS_MAIN(tst_childhandles)
#include "tst_childhandles.moc"
