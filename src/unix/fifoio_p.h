// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FIFOIO_P_H
#define INTERPROCESSQT_FIFOIO_P_H

#include "growingtimer_p.h"
#include "pipeio_p.h"
#include "stream/error_p.h"

#include <QtCore/qbytearray.h>

#include <deque>
#include <optional>

namespace InterprocessQt
{

// What open() has found; without a descriptor and without an error nobody reads there (yet).
struct OpenedFifo {
    NativeHandle descriptor;
    std::optional<ErrorInfo> error;
};
// The access mode of open(2). Symbolic links are followed.
[[nodiscard]] OpenedFifo openFifo(const QByteArray &path, int accessMode);

/*
 * The reading end of a FIFO, which goes on after the end of the last writer if that is wanted.
 *
 * From then on, until the next writer comes, poll() says at once that there is a hang-up (pipe(7)). But not to a
 * descriptor that was opened after it: that has seen no writer yet. So the end is a reason to open the FIFO again, before
 * the old descriptor is closed, so that at no moment the FIFO is without a reader and the kernel drops what is in it.
 * Where it cannot be opened again it is looked after by a timer.
 */
class FifoReadIo : public PipeIo, private GrowingTimer::Client
{
public:
    FifoReadIo(NativeHandle descriptor, const QByteArray &path, bool goesOn, StreamIoClient &client);

    // Is there one, as far as can be known: one that has written nothing yet is not noticed.
    [[nodiscard]] bool hasWriter() const
    {
        return m_hasWriter;
    }
    // It is ready for reading: true if that is the first that is known of a writer.
    [[nodiscard]] bool noteWriter();
    // Has the last one gone since this was asked?
    [[nodiscard]] bool takeWritersGone();

    IoResult read(ByteQueue &queue, qint64 limit) override;
    void setInterest(IoReadiness interest) override;
    IoReadiness wait(IoReadiness what, QDeadlineTimer deadline) override;
    void detach() override;
    bool attach() override;

private:
    void forgetWriters();
    [[nodiscard]] NativeHandle reopened() const;
    void rest();
    [[nodiscard]] bool endRest();
    void lookAgain() override;

    const QByteArray m_path;
    GrowingTimer m_timer;
    IoReadiness m_interest;
    int m_emptyEnds = 0; // one soon after the other, in which nothing was written
    QDeadlineTimer m_emptyEndsUntil;
    const bool m_goesOn;
    bool m_hasWriter = false;
    bool m_writersGone = false;
    bool m_resting = false;
};

/*
 * The writing end of a FIFO, also while nobody reads.
 *
 * The system does not tell when a reader comes: without one a FIFO cannot be opened for writing without blocking (ENXIO),
 * one that is open already has an error condition until then, and inotify(7) knows of a reader only when its open() has
 * returned, which is when a writer has come. So it is looked after by a timer.
 *
 * Each record, which is what was written in one call, goes to the kernel in one system call, alone or with other whole
 * ones, if it has at most PIPE_BUF bytes: the kernel then keeps it together.
 */
class FifoWriteIo : public PipeIo, private GrowingTimer::Client
{
public:
    FifoWriteIo(OpenedFifo fifo, const QByteArray &path, bool waitsForNext, std::chrono::milliseconds timeout, StreamIoClient &client);

    [[nodiscard]] bool hasReader() const
    {
        return m_serial != 0;
    }
    // Of the readers that were there without a pause: 0 while there is none.
    [[nodiscard]] quint32 readerSerial() const
    {
        return m_serial;
    }
    [[nodiscard]] bool waitsForNext() const
    {
        return m_waitsForNext;
    }
    // True if there is none any more.
    [[nodiscard]] bool checkReader();
    // Why no reader is waited for any more.
    [[nodiscard]] const std::optional<ErrorInfo> &failure() const
    {
        return m_failure;
    }
    void addRecord(qint64 size);

    IoResult write(const char *data, qint64 size) override;
    IoResult write(ByteQueue &queue) override;
    void setInterest(IoReadiness interest) override;
    IoReadiness wait(IoReadiness what, QDeadlineTimer deadline) override;
    void detach() override;
    bool attach() override;

private:
    [[nodiscard]] bool isWaiting() const
    {
        return !hasReader() && !m_failure && (m_waitsForNext || m_lastSerial == 0);
    }
    void findReader();
    // Why nobody can come any more to what is open, if so: readers look for it by its name.
    [[nodiscard]] std::optional<ErrorInfo> nameLost() const;
    void foundReader();
    void lostReader();
    [[nodiscard]] IoResult writeFailed(qint64 bytes);
    void lookAgain() override;

    const QByteArray m_path;
    StreamIoClient &m_client;
    GrowingTimer m_timer;
    std::deque<qint64> m_records; // sizes, small ones added up as far as they may go together
    std::optional<ErrorInfo> m_failure;
    std::optional<ErrorInfo> m_obstacle; // which may go away by itself
    const std::chrono::milliseconds m_timeout; // negative: none
    IoReadiness m_interest;
    quint32 m_serial = 0;
    quint32 m_lastSerial = 0;
    const bool m_waitsForNext;
};

} // namespace InterprocessQt

#endif
