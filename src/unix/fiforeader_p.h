// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FIFOREADER_P_H
#define INTERPROCESSQT_FIFOREADER_P_H

#include "fifoio_p.h"
#include "pipe/pipereader_p.h"

#include <InterprocessQt/FifoReader.h>

namespace InterprocessQt
{

// What a reader of a pipe is, and tells of writers that come and go.
class FifoReaderPrivate : public PipeReaderPrivate
{
public:
    [[nodiscard]] FifoReader *reader() const
    {
        return static_cast<FifoReader *>(q);
    }
    // Null if something else than a FIFO by its name is open.
    [[nodiscard]] FifoReadIo *fifo() const
    {
        return dynamic_cast<FifoReadIo *>(io.get());
    }

    bool beginFifo(const QString &newPath, FifoReader::WriterPolicy policy);

    void ioReady(IoReadiness readiness) override;
    void inputArrived() override;
    void deliverPending() override;
    void discardInput() override;

    QString path;

private:
    bool writersGoneUntold = false;
};

} // namespace InterprocessQt

#endif
