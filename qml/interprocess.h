// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_INTERPROCESS_H
#define INTERPROCESSQT_INTERPROCESS_H

#include "interprocessqt_qml_export.h"

#include <InterprocessQt/Features.h>

#include <QtCore/qobject.h>
#include <QtQml/qqml.h>

namespace InterprocessQt
{

// What the namespace has that belongs to no object: its functions, and the enumeration of features.
class INTERPROCESSQT_QML_EXPORT Interprocess : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_SINGLETON
    QML_EXTENDED_NAMESPACE(InterprocessQt)

public:
    explicit Interprocess(QObject *parent = nullptr);

    Q_INVOKABLE bool isSupported(InterprocessQt::Feature feature) const;
};

} // namespace InterprocessQt

#endif
