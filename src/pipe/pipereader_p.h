// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEREADER_P_H
#define INTERPROCESSQT_PIPEREADER_P_H

#include "pipebackend_p.h"
#include "stream/streamdevice_p.h"

#include <InterprocessQt/PipeReader.h>

#include <optional>

namespace InterprocessQt
{

// A stream that is only read from, and ends when nobody writes any more.
class PipeReaderPrivate : public StreamDevicePrivate
{
public:
    static PipeReaderPrivate *get(const PipeReader *reader)
    {
        return static_cast<PipeReaderPrivate *>(StreamDevicePrivate::get(reader));
    }

    bool begin(PipeStream stream);
    void end();
    bool refuse(const ErrorInfo &flaw); // false
    bool waitForFinished(QDeadlineTimer deadline);

    void inputFinished() override;
    void streamFailed(const IoResult &result) override;
    bool acceptsWrites() const override
    {
        return false;
    }

private:
    bool failed = false; // that is how it ended
};

} // namespace InterprocessQt

#endif
