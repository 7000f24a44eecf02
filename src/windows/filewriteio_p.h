// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FILEWRITEIO_P_H
#define INTERPROCESSQT_FILEWRITEIO_P_H

#include "pipeend_p.h"
#include "stream/streamio_p.h"

#include <InterprocessQt/NativeHandle.h>

namespace InterprocessQt
{

// A file that is written to: it takes everything, and nobody else has to do anything for that, so it is not worth a thread.
class FileWriteIo final : public StreamIo, public PipeEnd
{
public:
    explicit FileWriteIo(NativeHandle handle);

    IoResult read(ByteQueue &queue, qint64 limit) override;
    IoResult write(const char *data, qint64 size) override;
    IoResult write(ByteQueue &queue) override;
    void setInterest(IoReadiness interest) override;
    int closeWriting() override;
    IoReadiness wait(IoReadiness what, QDeadlineTimer deadline) override;
    void detach() override;
    bool attach() override;
    bool isOurs() const override;
    qintptr handle() const override;
    NativeHandle release() override;

private:
    NativeHandle m_handle;
};

} // namespace InterprocessQt

#endif
