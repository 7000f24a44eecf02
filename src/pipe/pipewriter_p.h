// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEWRITER_P_H
#define INTERPROCESSQT_PIPEWRITER_P_H

#include "pipebackend_p.h"
#include "stream/streamdevice_p.h"

#include <InterprocessQt/PipeWriter.h>

class QTimer;

namespace InterprocessQt
{

// A stream that is only written to; closing writes first what is left.
class PipeWriterPrivate : public StreamDevicePrivate
{
public:
    static PipeWriterPrivate *get(const PipeWriter *writer)
    {
        return static_cast<PipeWriterPrivate *>(StreamDevicePrivate::get(writer));
    }
    [[nodiscard]] PipeWriter *writer() const
    {
        return static_cast<PipeWriter *>(q);
    }

    bool begin(PipeStream stream);
    bool refuse(const ErrorInfo &flaw); // false
    void closeWhenWritten();
    void fail(const ErrorInfo &flaw); // the end, with what is left to write lost
    void end();
    bool waitForClosed(QDeadlineTimer deadline);

    void inputFinished() override
    {
    }
    void streamFailed(const IoResult &) override
    {
    }
    void outputFinished() override;
    bool acceptsWrites() const override
    {
        return io && !closing;
    }

private:
    void finish();
    void linger();
    void lingeredInVain();

    QTimer *timer = nullptr; // child of q, so that it moves along
    qint64 leftBefore = 0; // to write, when its time last began
    bool closing = false;
    bool finished = false; // it has been closed, and everything written before
};

} // namespace InterprocessQt

#endif
