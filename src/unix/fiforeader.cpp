// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/FifoReader.h>

#include "fiforeader_p.h"

#include <QtCore/qfile.h>

#include <fcntl.h>

namespace InterprocessQt
{

// ---- FifoReaderPrivate

bool FifoReaderPrivate::beginFifo(const QString &newPath, FifoReader::WriterPolicy policy)
{
    const QByteArray name = QFile::encodeName(newPath);
    OpenedFifo opened = openFifo(name, O_RDONLY);
    if (opened.error)
        return refuse(*opened.error);
    const bool goesOn = policy == FifoReader::WriterPolicy::WaitForNextWriter;
    path = newPath;
    return begin({std::make_unique<FifoReadIo>(std::move(opened.descriptor), name, goesOn, *this), {}});
}

void FifoReaderPrivate::ioReady(IoReadiness readiness)
{
    FifoReadIo *const stream = fifo();
    if (stream && readiness.readable && !inputPaused && stream->noteWriter()) {
        const Guard guard(*this);
        const quint32 current = generation;
        Q_EMIT reader()->writerConnected();
        if (!guard.isAlive() || generation != current)
            return;
    }
    PipeReaderPrivate::ioReady(readiness);
}

void FifoReaderPrivate::inputArrived()
{
    FifoReadIo *const stream = fifo();
    if (!stream || !stream->takeWritersGone())
        return;
    // What the next writer writes stays where it is until the end of the last one has been told.
    writersGoneUntold = true;
    inputPaused = true;
    updateInterest();
    scheduleTurnEnd();
}

void FifoReaderPrivate::deliverPending()
{
    if (!writersGoneUntold)
        return;
    writersGoneUntold = false;
    inputPaused = false;
    updateInterest();
    Q_EMIT reader()->writersGone();
}

void FifoReaderPrivate::discardInput()
{
    writersGoneUntold = false;
    inputPaused = false;
    PipeReaderPrivate::discardInput();
}

// ---- FifoReader

/*!
    \class InterprocessQt::FifoReader
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/FifoReader
    \brief Reads from a FIFO file, from one writer or from one after the other.
    \reentrant

    A PipeReader for a FIFO, that is a pipe with a name in the file system, into which any program can write:

    \snippet snippets/fifo.cpp reader

    \section1 The end of the last writer

    is what open() was told to take it for. It ends the stream, as with any pipe: readChannelFinished(). Or it is a signal,
    writersGone(), and reading goes on with the next writer; no byte is lost between them, and no time of the processor is
    spent while nobody writes. What the next one writes is not read before writersGone() has been emitted, so that
    QIODevice::readAll() in a slot of it has the rest of what came before.

    A FIFO knows how many have it open for writing, not who they are. Two writers of which one comes before the other goes are
    not told apart, and neither are two that follow each other so quickly that the end of the first was not seen. A writer is
    noticed when it has written something, or has gone without.

    While nobody writes, the FIFO is opened once more by way of /proc, for a descriptor that has not seen the last writer
    does not report its end all the time. Where that is impossible (no /proc, and the file renamed or removed; no descriptor
    left; permissions taken away) the FIFO is looked after by a timer instead, every 100 milliseconds at most.

    A FIFO that is removed, or replaced by another one of the same name, stays open and goes on with the writers that it has.
    That no others can come is not noticed: the reader is there before them, so let it be the one who makes the FIFO, and
    removes it (Fifo).

    \section1 Errors

    Those of open() are told by its result. Reading from a FIFO does not fail otherwise.

    \sa Fifo, FifoWriter, {FIFO files}
*/

/*!
    \enum InterprocessQt::FifoReader::WriterPolicy

    What the end of the last writer means.

    \value EndWithWriters  The end of the stream: readChannelFinished().
    \value WaitForNextWriter  Nothing but a signal, writersGone(); the stream goes on with the next writer, until close().
*/

/*!
    Makes a reader that is not open, with the parent \a parent.
*/
FifoReader::FifoReader(QObject *parent)
    : PipeReader(*new FifoReaderPrivate, parent)
{
}

/*!
    Closes the reader. The FIFO stays.
*/
FifoReader::~FifoReader() = default;

FifoReaderPrivate *FifoReader::d_func() const
{
    return static_cast<FifoReaderPrivate *>(d.get());
}

/*!
    Reads from the FIFO at \a path, with \a policy for the end of the last writer. What was open here before is closed. It
    does not wait for a writer. Symbolic links are followed.

    Returns false, with error(), nativeError() and errorString():
    \list
        \li ServerNotFoundError: there is nothing of that name (ENOENT, ENOTDIR, ELOOP), or it is too long (ENAMETOOLONG)
        \li UnsupportedSocketOperationError: it is not a FIFO (no native code), but a directory (EISDIR) or something else
        \li SocketAccessError: not permitted (EACCES)
        \li SocketResourceError: no descriptor is left (EMFILE, ENFILE)
        \li OperationError: no path at all, for it has a null character (no native code)
    \endlist
*/
bool FifoReader::open(const QString &path, WriterPolicy policy)
{
    abort();
    return d_func()->beginFifo(path, policy);
}

/*!
    Returns what was given to open() last.
*/
QString FifoReader::path() const
{
    return d_func()->path;
}

/*!
    Returns true if there is a writer, as far as is known: see writerConnected() and writersGone().
*/
bool FifoReader::hasWriter() const
{
    const FifoReadIo *const stream = d_func()->fifo();
    return stream && stream->hasWriter();
}

/*!
    \fn void InterprocessQt::FifoReader::writerConnected()

    Emitted when the first bytes of a writer are there, before readyRead(), or it has gone without having written any. Not for
    further writers as long as there is one.
*/

/*!
    \fn void InterprocessQt::FifoReader::writersGone()

    Emitted when the last writer has gone and everything from it has been read to the buffer of this device; it may still be
    read from there. With WriterPolicy::WaitForNextWriter only: otherwise readChannelFinished() tells. If the read buffer is
    limited and full, it comes when there is room again, as the end stands behind what was written.
*/

} // namespace InterprocessQt
