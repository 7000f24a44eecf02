// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A child that reports its progress on a pipe of its own, beside its standard streams.

//! [program]
#include <InterprocessQt/ChildHandles>
#include <InterprocessQt/Pipe>

#include <QCoreApplication>
#include <QProcess>

#include <cstdio>

using namespace InterprocessQt;

namespace
{

int beTheChild()
{
    //! [child]
    PipeWriter progress;
    if (!progress.open(ChildHandles::take("progress")))
        return 1;
    progress.write("half done\n");
    progress.write("done\n");
    progress.close();
    progress.waitForClosed();
    //! [child]
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (argc > 1)
        return beTheChild();

    //! [parent]
    const Pipe pipe = Pipe::create();
    ChildHandles handles;
    handles.add(pipe.writer.get(), "progress");
    QProcess child;
    handles.attachTo(&child);
    child.start(QCoreApplication::applicationFilePath(), {"child"});
    //! [parent]
    PipeReader *const reader = pipe.reader.get();
    QObject::connect(reader, &PipeReader::readyRead, reader, [reader] {
        while (reader->canReadLine())
            std::printf("the child is %s\n", reader->readLine().trimmed().constData());
    });
    QObject::connect(reader, &PipeReader::readChannelFinished, reader, &QCoreApplication::quit);
    QCoreApplication::exec();
    child.waitForFinished();
    return child.exitCode();
}
//! [program]
