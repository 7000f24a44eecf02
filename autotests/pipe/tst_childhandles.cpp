// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "manychildren.h"
#include "nativeerrors.h"
#include "peerprocess.h"

#include <InterprocessQt/ChildHandles>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/Pipe>

#include <QProcess>
#include <QThread>

#include <algorithm>
#include <atomic>

using namespace InterprocessQt;

// What is handed over to a child, who has it then, and who has not.
class tst_childhandles : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aChildTakesWhatItWasGiven();
    void theParentKeepsNothing();
    void childrenDoNotHaveEachOthersEnds();
    void childrenOfSeveralThreadsDoNotHaveEachOthersEnds();
    void theNextChildOfTheProcessHasNothing();
    void aChildThatCannotBeStartedClosesThem();
    void aProcessThatIsNeverStartedClosesThem();
    void twoCollectionsCanBeAttached();
    void anEnvironmentThatIsThereStays();
    void aProcessThatIsStartedOftenCollectsNothing();
    void whatCannotBeAddedStays();
    void aRunningProcessIsRefused();
    void nothingThatHasArrivedIsLost();

private:
    // Which of the numbers are open in a child of the process; on Unix all that are.
    static QString openIn(QProcess &process, const QList<qintptr> &numbers)
    {
        process.start(PeerProcess::find("peer_pipe"), QStringList("open") + texts(numbers));
        if (!process.waitForFinished())
            return process.errorString();
        return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    }
    static QStringList texts(QList<qintptr> numbers)
    {
        std::sort(numbers.begin(), numbers.end());
        QStringList all;
        for (const qintptr number : std::as_const(numbers))
            all.append(QString::number(number));
        return all;
    }
    static QString open(const QList<qintptr> &numbers)
    {
        return QStringList(QStringList("open") + texts(numbers)).join(' ');
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
    QVERIFY(child.start("peer_pipe", QStringList("handles") + texts({input, output, socket})));
    QCOMPARE(child.readLine(), open({input, output, socket}));
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
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    const auto number = handles.add(std::move(pipe.writer), "unused");
    QVERIFY(number != NativeHandle::Invalid);
    QVERIFY(!pipe.writer);
    PipeReader reader;
    QVERIFY(reader.open(std::move(pipe.reader)));
    QProcess child;
    QVERIFY(handles.attachTo(&child));
    child.start(PeerProcess::find("peer_pipe"), {"wait"});
    QVERIFY2(child.waitForStarted(), qPrintable(child.errorString()));
    QVERIFY(!reader.waitForFinished(1));
    child.kill();
    QVERIFY(child.waitForFinished());
    QVERIFY(reader.waitForFinished());
}

void tst_childhandles::childrenDoNotHaveEachOthersEnds()
{
    ManyChildren children;
    for (int i = 0; i < 8; ++i) {
        QVERIFY(children.add([](QProcess &process, NativeHandle::Type, NativeHandle::Type) {
            process.start(PeerProcess::find("peer_pipe"), {"handles"});
        }));
    }
    // The ends come one by one: no other child holds the writing side of any.
    for (size_t i = 0; i < children.count(); ++i)
        QCOMPARE(children.answer(i, "number " + QByteArray::number(i)), "NUMBER " + QByteArray::number(i));
}

void tst_childhandles::childrenOfSeveralThreadsDoNotHaveEachOthersEnds()
{
    constexpr int Threads = 4;
    constexpr int Children = 8;
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
                process.start(PeerProcess::find("peer_pipe"), QStringList("handles") + texts({input, output}));
                toChild.writer->write("x");
                toChild.writer->close();
                // It ends if nobody else has the writing end of its input, and so does this if nobody else has that of its output.
                const bool ended =
                    process.waitForStarted() && toChild.writer->waitForClosed() && fromChild.reader->waitForFinished() && process.waitForFinished();
                if (ended && fromChild.reader->readAll() == "X" && QString::fromUtf8(process.readLine()).trimmed() == open({input, output}))
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

void tst_childhandles::theNextChildOfTheProcessHasNothing()
{
    QProcess process;
    for (int round = 0; round < 2; ++round) {
        Pipe::Handles pipe = Pipe::createHandles();
        ChildHandles handles;
        const auto number = handles.add(std::move(pipe.writer), "pipe");
        QVERIFY(handles.attachTo(&process));
        QVERIFY(!process.processEnvironment().inheritsFromParent());
        QCOMPARE(openIn(process, {number}), open({number}));
        QVERIFY(process.processEnvironment().inheritsFromParent());
        process.start(PeerProcess::find("peer_pipe"), {"handles"});
        QVERIFY(process.waitForFinished());
        QVERIFY(process.readAllStandardOutput().replace("\r\n", "\n").contains("names \n"));
    }
}

void tst_childhandles::aChildThatCannotBeStartedClosesThem()
{
    Pipe pipe = Pipe::create();
    ChildHandles handles;
    QVERIFY(handles.add(pipe.writer.get(), "pipe") != NativeHandle::Invalid);
    keepDescriptors(); // QProcess of Qt 6.4 leaves a pipe of its own behind then, on Unix; of ours the reader sees the end
    QProcess process;
    QVERIFY(handles.attachTo(&process));
    process.start(path("nowhere") + "/to/be/found.exe", QStringList());
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
    QVERIFY(child.start("peer_pipe", QStringList("handles") + texts({a, b})));
    QCOMPARE(child.readLine(), open({a, b}));
    QCOMPARE(child.readLine(), "names one,two");
    QCOMPARE(child.waitForExit(), 0);
    QVERIFY(child.process().processEnvironment().inheritsFromParent());
}

void tst_childhandles::anEnvironmentThatIsThereStays()
{
    Pipe::Handles pipe = Pipe::createHandles();
    ChildHandles handles;
    static_cast<void>(handles.add(std::move(pipe.reader), "a name; with = and :"));
    PeerProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("ONLY", "this");
    child.process().setProcessEnvironment(environment);
    QVERIFY(handles.attachTo(&child.process()));
    QVERIFY(child.start("peer_pipe", {"handles"}));
    QVERIFY(child.readLine().startsWith("open"));
    QCOMPARE(child.readLine(), "names a name; with = and :");
    QCOMPARE(child.waitForExit(), 0);
    QCOMPARE(child.process().processEnvironment(), environment);
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
        QVERIFY(openIn(process, {}).startsWith("open"));
        QCOMPARE(process.connections(), 0);
    }
}

void tst_childhandles::whatCannotBeAddedStays()
{
    ChildHandles handles;
    Pipe::Handles pipe = Pipe::createHandles();
    QCOMPARE(handles.add(std::move(pipe.reader), ""), NativeHandle::Invalid);
    QVERIFY(pipe.reader);
    QVERIFY(!handles.errorString().isEmpty());
    QCOMPARE(handles.add(NativeHandle(), "x"), NativeHandle::Invalid);
    QCOMPARE(handles.nativeError(), NativeErrors::NotOpen);
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
    process.start(PeerProcess::find("peer_pipe"), {"wait"});
    QVERIFY(!handles.attachTo(&process));
    QCOMPARE(handles.names(), QStringList("pipe"));
    process.kill();
    process.waitForFinished();
}

void tst_childhandles::nothingThatHasArrivedIsLost()
{
    // A pipe is not read ahead of the event loop.
    const Pipe toChild = Pipe::create();
    const Pipe fromChild = Pipe::create();
    toChild.writer->write("written before");
    ChildHandles handles;
    QVERIFY(handles.add(toChild.reader.get(), "input") != NativeHandle::Invalid);
    QVERIFY(handles.add(fromChild.writer.get(), "output") != NativeHandle::Invalid);
    toChild.writer->close();
    PeerProcess child;
    QVERIFY(handles.attachTo(&child.process()));
    QVERIFY(child.start("peer_pipe", {"handles"}));
    QVERIFY(waitUntil([&] {
        return fromChild.reader->isReadChannelFinished();
    }));
    QCOMPARE(fromChild.reader->readAll(), "WRITTEN BEFORE");
    QCOMPARE(child.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_childhandles)
#include "tst_childhandles.moc"
