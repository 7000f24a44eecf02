// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALINFOVALUE_H
#define INTERPROCESSQT_SIGNALINFOVALUE_H

#include "interprocessqt_qml_export.h"

#include <InterprocessQt/SignalInfo.h>

#include <QtCore/qvariant.h>
#include <QtQml/qqml.h>

namespace InterprocessQt
{

// See valuetypes.h.
class INTERPROCESSQT_QML_EXPORT SignalInfoValue
{
    Q_GADGET
    QML_VALUE_TYPE(signalInfo)
    QML_FOREIGN(InterprocessQt::SignalInfo)
    QML_EXTENDED(InterprocessQt::SignalInfoValue)
    Q_PROPERTY(bool valid READ isValid CONSTANT FINAL)
    Q_PROPERTY(int number READ number CONSTANT FINAL)
    Q_PROPERTY(QString name READ name CONSTANT FINAL)
    Q_PROPERTY(InterprocessQt::SignalInfo::Code code READ code CONSTANT FINAL)
    Q_PROPERTY(int nativeCode READ nativeCode CONSTANT FINAL)
    Q_PROPERTY(QVariant processId READ processId CONSTANT FINAL)
    Q_PROPERTY(QVariant userId READ userId CONSTANT FINAL)
    Q_PROPERTY(QVariant value READ value CONSTANT FINAL)
    Q_PROPERTY(QVariant childStatus READ childStatus CONSTANT FINAL)

public:
    [[nodiscard]] bool isValid() const
    {
        return v.isValid();
    }
    [[nodiscard]] int number() const
    {
        return v.number();
    }
    [[nodiscard]] QString name() const
    {
        return v.name();
    }
    [[nodiscard]] SignalInfo::Code code() const
    {
        return v.code();
    }
    [[nodiscard]] int nativeCode() const
    {
        return v.nativeCode();
    }
    [[nodiscard]] QVariant processId() const
    {
        return v.processId() ? QVariant(double(*v.processId())) : QVariant();
    }
    [[nodiscard]] QVariant userId() const
    {
        return v.userId() ? QVariant(double(*v.userId())) : QVariant();
    }
    [[nodiscard]] QVariant value() const
    {
        return v.value() ? QVariant(*v.value()) : QVariant();
    }
    [[nodiscard]] QVariant childStatus() const
    {
        return v.childStatus() ? QVariant(*v.childStatus()) : QVariant();
    }
    Q_INVOKABLE QString toString() const
    {
        return v.name();
    }

private:
    SignalInfo v;
};
static_assert(sizeof(SignalInfoValue) == sizeof(SignalInfo));

// For its enumeration, which a value type cannot have.
class INTERPROCESSQT_QML_EXPORT SignalInfoEnumerations : public QObject
{
    Q_OBJECT
    QML_NAMED_ELEMENT(SignalInfo)
    QML_UNCREATABLE("SignalInfo is there for its enumeration: the value type is signalInfo.")
    QML_EXTENDED_NAMESPACE(InterprocessQt::SignalInfo)
};

} // namespace InterprocessQt

#endif
