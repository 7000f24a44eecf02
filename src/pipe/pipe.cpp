// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/Pipe.h>

#include "pipereader_p.h"
#include "pipewriter_p.h"

namespace InterprocessQt
{

/*!
    \class InterprocessQt::Pipe
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/Pipe
    \brief An unnamed pipe: what is written at one end is read at the other.
    \reentrant

    \snippet snippets/pipes.cpp create

    The ends may live in different threads (QObject::moveToThread()), or one of them be handed to a child process as a
    handle (ChildHandles). No child inherits them otherwise.

    On Windows it is a named pipe for this user alone, whose name nobody can guess and nobody can use: CreatePipe() makes none
    that could be used without a thread.
*/

/*!
    \class InterprocessQt::Pipe::Options
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/Pipe
    \brief How a pipe is to be.
*/

/*!
    \variable InterprocessQt::Pipe::Options::capacity
    \brief how many bytes the kernel is asked to keep between the ends; 0, the default, leaves it to the system (64 KiB on
           Linux and Windows). It is a wish: PipeWriter::capacity() tells what became of it.
*/

/*!
    \variable InterprocessQt::Pipe::Options::blockingReader
    \brief whether the end to read from is for another program, or for a thread that reads it by itself and waits in the call;
           false by default.

    On Windows a handle is made for overlapped operations or for calls that wait, and stays what it is; most programs can
    use only the latter. On Unix it can be changed at any time. PipeReader takes both, but on Windows needs a thread for an end
    that blocks.
*/

/*!
    \variable InterprocessQt::Pipe::Options::blockingWriter
    \brief the same for the end to write to
*/

/*!
    \class InterprocessQt::Pipe::Handles
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/Pipe
    \brief The two ends of a pipe as handles.
*/

/*!
    \variable InterprocessQt::Pipe::Handles::reader
    \brief the end to read from
*/

/*!
    \variable InterprocessQt::Pipe::Handles::writer
    \brief the end to write to
*/

/*!
    \variable InterprocessQt::Pipe::Handles::nativeError
    \brief the code of the system if there is no pipe, otherwise 0
*/

/*!
    \variable InterprocessQt::Pipe::reader
    \brief the end to read from
*/

/*!
    \variable InterprocessQt::Pipe::writer
    \brief the end to write to
*/

/*!
    Makes a pipe as \a options say. Both ends are there, and open; if none could be made they are not open, and the error()
    of both says why: SocketResourceError without descriptors (EMFILE, ENFILE) or memory.
*/
Pipe Pipe::create(const Options &options)
{
    Pipe pipe;
    pipe.reader = std::make_unique<PipeReader>();
    pipe.writer = std::make_unique<PipeWriter>();
    Handles handles = createHandles(options);
    if (handles.nativeError != 0) {
        const ErrorInfo flaw = systemError(handles.nativeError, PipeReader::tr("make a pipe"));
        static_cast<void>(PipeReaderPrivate::get(pipe.reader.get())->refuse(flaw));
        static_cast<void>(PipeWriterPrivate::get(pipe.writer.get())->refuse(flaw));
        return pipe;
    }
    pipe.reader->open(std::move(handles.reader));
    pipe.writer->open(std::move(handles.writer));
    return pipe;
}

/*!
    \overload

    Makes a pipe as the system likes it.
*/
Pipe Pipe::create()
{
    return create(Options());
}

/*!
    Makes a pipe as \a options say, and returns its ends as handles: non-blocking (on Windows: for overlapped operations) unless
    the options want it otherwise, and not inherited by children.
*/
Pipe::Handles Pipe::createHandles(const Options &options)
{
    Handles handles;
    handles.nativeError = makePipe(options, handles.reader, handles.writer);
    return handles;
}

/*!
    \overload

    Makes a pipe as the system likes it.
*/
Pipe::Handles Pipe::createHandles()
{
    return createHandles(Options());
}

} // namespace InterprocessQt
