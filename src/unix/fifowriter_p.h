// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FIFOWRITER_P_H
#define INTERPROCESSQT_FIFOWRITER_P_H

#include "fifoio_p.h"
#include "pipe/pipewriter_p.h"

#include <InterprocessQt/FifoWriter.h>

namespace InterprocessQt
{

// What a writer to a pipe is, with records, and tells of readers that come and go.
class FifoWriterPrivate : public PipeWriterPrivate
{
public:
    [[nodiscard]] FifoWriter *fifoWriter() const
    {
        return static_cast<FifoWriter *>(q);
    }
    // Null if something else than a FIFO by its name is open.
    [[nodiscard]] FifoWriteIo *fifo() const
    {
        return dynamic_cast<FifoWriteIo *>(io.get());
    }

    bool beginFifo(const QString &newPath, FifoWriter::ReaderPolicy policy);
    qint64 acceptRecord(const char *data, qint64 size);
    bool waitForReader(QDeadlineTimer deadline);

    void ioReady(IoReadiness readiness) override;
    void deliverPending() override;
    void outputFinished() override;

    QString path;
    int readerTimeout = -1;

private:
    void tellReaders();

    quint32 serialTold = 0; // of the readers of whom readerConnected() was emitted
};

} // namespace InterprocessQt

#endif
