// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FIFOREADER_H
#define INTERPROCESSQT_FIFOREADER_H

#include <InterprocessQt/PipeReader.h>

namespace InterprocessQt
{
class FifoReaderPrivate;

// Reads from a FIFO file: what one writer writes, or one after the other.
class INTERPROCESSQT_EXPORT FifoReader : public InterprocessQt::PipeReader
{
    Q_OBJECT

public:
    // What the end of the last writer means.
    enum class WriterPolicy {
        EndWithWriters,
        WaitForNextWriter,
    };
    Q_ENUM(WriterPolicy)

    explicit FifoReader(QObject *parent = nullptr);
    ~FifoReader() override;

    using PipeReader::open;
    bool open(const QString &path, WriterPolicy policy = WriterPolicy::EndWithWriters);

    [[nodiscard]] QString path() const;
    [[nodiscard]] bool hasWriter() const;

Q_SIGNALS:
    void writerConnected();
    void writersGone();

private:
    friend class FifoReaderPrivate;
    [[nodiscard]] FifoReaderPrivate *d_func() const;
    Q_DISABLE_COPY_MOVE(FifoReader)
};

} // namespace InterprocessQt

#endif
